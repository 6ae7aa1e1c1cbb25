"""The council's addresses."""

from django.urls import path

from council.acts import views as acts
from council.agenda import views as agenda
from council.convening import views as convening
from council.floor import views as floor
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
    path("p/<int:page_id>/operateur/", floor.operator, name="operator"),
    path("p/<int:page_id>/operateur/etat.json", floor.state, name="operator_state"),
    path("p/<int:page_id>/operateur/essai.json", floor.rehearse, name="operator_rehearse"),
    path("p/<int:page_id>/operateur/<uuid:event_id>/", floor.correction, name="operator_correction"),
    path("p/<int:page_id>/operateur/vierge.pdf", floor.blank, name="operator_blank"),
    path("p/<int:page_id>/projection/", floor.projection, name="projection"),
    path("p/<int:page_id>/projection/etat.json", floor.projection_state, name="projection_state"),
    path("p/<int:page_id>/recu/", convening.acknowledge, name="acknowledge"),
    path("p/<int:page_id>/presence/", convening.answer, name="answer_presence"),
    path("p/<int:page_id>/papiers/", acts.all_papers, name="papers"),
    path("p/<int:page_id>/papiers/<slug:paper>.<slug:target>", acts.paper_file, name="paper_file"),
    path("p/<int:page_id>/deliberations/<int:deliberation_id>/corriger/", acts.correct, name="correct_deliberation"),
    path(
        "p/<int:page_id>/deliberations/<int:deliberation_id>/<slug:paper>.<slug:target>", acts.act_file, name="act_file"
    ),
    path("p/<int:page_id>/pv/", acts.minutes_screen, name="minutes"),
    path("p/<int:page_id>/pv/envoyer/", acts.minutes_send, name="minutes_send"),
    path("p/<int:page_id>/pv/arreter/", acts.minutes_approve, name="minutes_approve"),
    path("p/<int:page_id>/signes/", acts.signed, name="signed"),
    path("p/<int:page_id>/signes/<int:copy_id>/", acts.signed_say, name="signed_say"),
    path("p/<int:page_id>/signes/<int:copy_id>/fichier/", acts.signed_file, name="signed_file"),
    path("conseil/<int:instance_id>/numerotation/", acts.scheme, name="number_scheme"),
]
