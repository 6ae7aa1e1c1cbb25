"""The council's addresses."""

from django.urls import path

from council.agenda import views as agenda
from council.convening import views as convening
from council.frozen import views as frozen
from council.members import views as members
from council.papers import views as papers

urlpatterns = [
    path("conseil/", members.council, name="council"),
    path("conseil/reglages/", members.settle, name="council_settings"),
    path("conseil/<int:instance_id>/membres/", members.add_member, name="council_member"),
    path("conseil/membres/<int:mandate_id>/depart/", members.departure, name="council_departure"),
    path("p/<int:page_id>/proposer/", agenda.propose, name="propose"),
    path("p/<int:page_id>/ordre/", agenda.order, name="agenda_order"),
    path("p/<int:page_id>/quitter/", agenda.leave, name="agenda_leave"),
    path("p/<int:page_id>/convocation/", agenda.convene, name="convene"),
    path("p/<int:page_id>/urgence/", agenda.urgent, name="sitting_urgency"),
    path("p/<int:page_id>/tenue/", agenda.held, name="sitting_held"),
    path("p/<int:page_id>/echeance/<slug:code>/", agenda.step, name="sitting_step"),
    path("p/<int:page_id>/dossier/<slug:shape>/", papers.dossier, name="dossier"),
    path("p/<int:page_id>/dossier/<slug:shape>/fichier/", papers.dossier_file, name="dossier_file"),
    path("p/<int:page_id>/propositions/<int:proposal_id>/", agenda.answer, name="answer_proposal"),
    path("p/<int:page_id>/signature/", convening.sign, name="sign_agenda"),
    path("p/<int:page_id>/envoi/", convening.send, name="send_convocation"),
    path("p/<int:page_id>/convocations/", convening.convocations, name="convocations"),
    path("p/<int:page_id>/convocations/<int:convocation_id>/remise/", convening.delivery, name="convocation_delivery"),
    path("p/<int:page_id>/convocations/<int:convocation_id>/retour/", convening.bounce, name="convocation_bounce"),
    path("p/<int:page_id>/convocations/papier/<slug:paper>/", convening.paper, name="convocation_paper"),
    path("p/<int:page_id>/pieces/<int:paper_id>/", frozen.file, name="frozen_file"),
    path("p/<int:page_id>/pieces/<int:paper_id>/remplacer/", frozen.replace, name="replace_piece"),
    path("p/<int:page_id>/correction/", frozen.correction, name="correct_item"),
    path("p/<int:page_id>/complement/", frozen.addition, name="complete_agenda"),
    path("p/<int:page_id>/changements/<int:change_id>/", frozen.change, name="paper_change"),
    path("p/<int:page_id>/changements/<int:change_id>/envois/", frozen.dispatches, name="change_dispatches"),
    path("p/<int:page_id>/changements/<int:change_id>/papier/<slug:paper>/", frozen.paper, name="change_paper"),
    path("p/<int:page_id>/changements/envois/<int:dispatch_id>/remise/", frozen.delivery, name="dispatch_delivery"),
    path("p/<int:page_id>/changements/envois/<int:dispatch_id>/retour/", frozen.bounce, name="dispatch_bounce"),
    path("p/<int:page_id>/recu/", convening.acknowledge, name="acknowledge"),
    path("p/<int:page_id>/presence/", convening.answer, name="answer_presence"),
]
