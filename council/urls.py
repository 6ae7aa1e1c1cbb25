"""The council's addresses."""

from django.urls import path

from council.acts import views as acts
from council.agenda import views as agenda
from council.calendars import views as calendars
from council.convening import views as convening
from council.decisions import views as decisions
from council.elus import views as elus
from council.floor import views as floor
from council.follow_up import views as follow_up
from council.frozen import views as frozen
from council.items import views as items
from council.members import views as members
from council.offline import views as offline
from council.open_data import views as open_data
from council.papers import views as papers
from council.pouvoirs import views as pouvoirs
from council.publication import public_views as public
from council.publication import views as publication
from council.questions import views as questions
from council.withdrawals import views as withdrawals

urlpatterns = [
    path("conseil/", members.council, name="council"),
    path("conseil/reglages/", members.settle, name="council_settings"),
    path("conseil/<int:instance_id>/membres/", members.add_member, name="council_member"),
    path("conseil/membres/<int:mandate_id>/depart/", members.departure, name="council_departure"),
    path("conseil/exterieure/", members.outside, name="council_outside"),
    path("conseil/membres/<int:mandate_id>/delegation/", members.delegate, name="council_delegation"),
    path("conseil/delegations/<int:delegation_id>/fin/", members.end_delegation, name="council_delegation_end"),
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
    path("p/<int:page_id>/operateur/", floor.operator, name="operator"),
    path("p/<int:page_id>/operateur/etat.json", floor.state, name="operator_state"),
    path("p/<int:page_id>/operateur/essai.json", floor.rehearse, name="operator_rehearse"),
    path("p/<int:page_id>/operateur/<uuid:event_id>/", floor.correction, name="operator_correction"),
    path("p/<int:page_id>/operateur/vierge.pdf", floor.blank, name="operator_blank"),
    path("p/<int:page_id>/projection/", floor.projection, name="projection"),
    path("p/<int:page_id>/projection/etat.json", floor.projection_state, name="projection_state"),
    path("p/<int:page_id>/recu/", convening.acknowledge, name="acknowledge"),
    path("p/<int:page_id>/presence/", convening.answer, name="answer_presence"),
    path("p/<int:page_id>/annulation/", convening.cancel, name="cancel_sitting"),
    path("p/<int:page_id>/notes/", offline.notes, name="private_notes"),
    path("hors-ligne/", offline.kept, name="kept"),
    path("hors-ligne/etat.json", offline.state, name="offline_state"),
    path("travailleur.js", offline.worker, name="service_worker"),
    path("manifeste.webmanifest", offline.manifest, name="web_manifest"),
    path("calendrier/", calendars.mine, name="calendar"),
    path("calendrier/<slug:token>.ics", calendars.feed, name="calendar_feed"),
    path("conseil/<int:instance_id>/seances.ics", calendars.public_feed, name="public_calendar"),
    # The élu's side: his pouvoir; what he said otherwise.
    path("p/<int:page_id>/convocations/<int:convocation_id>/reponse/", convening.heard, name="heard_answer"),
    path(
        "p/<int:page_id>/convocations/<int:convocation_id>/reponse/papier/", convening.answer_paper, name="answer_paper"
    ),
    path("p/<int:page_id>/pouvoir/", pouvoirs.give, name="give_pouvoir"),
    path("p/<int:page_id>/pouvoir/code/", pouvoirs.code, name="pouvoir_code"),
    path("p/<int:page_id>/pouvoir/retirer/", pouvoirs.revoke, name="revoke_pouvoir"),
    path("p/<int:page_id>/pouvoirs/", pouvoirs.pouvoirs, name="pouvoirs"),
    path("p/<int:page_id>/pouvoirs/papier/", pouvoirs.paper, name="paper_pouvoir"),
    path("p/<int:page_id>/pouvoirs/<int:pouvoir_id>/retirer/", pouvoirs.note_revocation, name="note_pouvoir_revoked"),
    path("p/<int:page_id>/pouvoirs/<int:pouvoir_id>/document/", pouvoirs.document, name="pouvoir_document"),
    path("p/<int:page_id>/questions/", questions.ask, name="ask_question"),
    path("p/<int:page_id>/questions/<int:question_id>/", questions.answer, name="answer_question"),
    path("p/<int:page_id>/sans-moi/", withdrawals.declare, name="declare_withdrawal"),
    path("p/<int:page_id>/sans-moi/fin/", withdrawals.take_back, name="end_withdrawal"),
    path("elu/", elus.home, name="elu_home"),
    path("elu/envois/", elus.sending, name="elu_sending"),
    path("conseil/membres/<int:mandate_id>/envois/", elus.note_sending, name="note_sending"),
    path("p/<int:page_id>/reprise/", items.resume, name="resume_item"),
    path("p/<int:page_id>/dupliquer/", items.duplicate, name="duplicate_sitting"),
    path("p/<int:page_id>/annexes/<int:annex_id>/", items.settle_annex, name="settle_annex"),
    path("p/<int:page_id>/plan/<int:planned_id>/", items.put_planned, name="put_planned"),
    path("conseil/plan/", items.plan, name="council_plan"),
    path("conseil/plan/nouveau/", items.planned, name="council_plan_new"),
    path("conseil/plan/<int:planned_id>/", items.planned, name="council_plan_row"),
    path("conseil/decisions/", decisions.register, name="decisions"),
    path("conseil/decisions/nouvelle/", decisions.write, name="new_decision"),
    path("conseil/decisions/<int:decision_id>/", decisions.show, name="decision"),
    path("conseil/decisions/<int:decision_id>/modifier/", decisions.write, name="edit_decision"),
    path("conseil/decisions/<int:decision_id>/prendre/", decisions.take, name="take_decision"),
    path("conseil/decisions/<int:decision_id>/acte.pdf", decisions.paper, name="decision_paper"),
    path("conseil/delegations/", decisions.delegations, name="delegations"),
    path("p/<int:page_id>/decisions/", decisions.report, name="decisions_report"),
    path("p/<int:page_id>/decisions/rapport.pdf", decisions.report_paper, name="decisions_report_paper"),
    path("conseil/actes/", publication.acts, name="acts"),
    path("conseil/actes/reglages/", publication.settings, name="acts_settings"),
    path("conseil/actes/<int:act_id>/", publication.act, name="act"),
    path("conseil/actes/<int:act_id>/signe/", publication.deposit, name="act_signed"),
    path("conseil/actes/<int:act_id>/signe.pdf", publication.signed_file, name="act_signed_file"),
    path("conseil/actes/<int:act_id>/publie.pdf", publication.published_file, name="act_published_file"),
    path("conseil/actes/<int:act_id>/examen/", publication.examine, name="act_examine"),
    path("conseil/actes/<int:act_id>/version-masquee/", publication.deposit_masked, name="act_masked"),
    path("conseil/actes/<int:act_id>/pieces/", publication.deposit_annex, name="act_annex"),
    path("conseil/actes/<int:act_id>/passages/<int:flag_id>/", publication.choose, name="act_passage"),
    path("conseil/actes/<int:act_id>/masquer/", publication.mask, name="act_mask"),
    path("conseil/actes/<int:act_id>/publier/", publication.publish, name="act_publish"),
    path("conseil/actes/<int:act_id>/retirer/", publication.take_down, name="act_take_down"),
    path("conseil/actes/<int:act_id>/matiere/", publication.classify, name="act_matter"),
    path("conseil/actes/<int:act_id>/envoi/", publication.send, name="act_send"),
    path("conseil/actes/<int:act_id>/reception/", publication.receive, name="act_receive"),
    path("conseil/actes/<int:act_id>/prefecture.zip", publication.outgoing, name="act_outgoing"),
    path("conseil/actes/<int:act_id>/bordereau.pdf", publication.bordereau, name="act_bordereau"),
    path(
        "conseil/actes/<int:act_id>/certificat/<int:publication_id>.pdf",
        publication.certificate,
        name="act_certificate",
    ),
    path("conseil/actes/<int:act_id>/suivi/", follow_up.note, name="act_follow_up"),
    path("conseil/actes/<int:act_id>/taches/", follow_up.give, name="act_task"),
    path("conseil/actes/presences-<int:year>.csv", open_data.attendance, name="attendance"),
    path("conseil/actes/site-<int:year>.zip", open_data.archive, name="acts_archive"),
    path("conseil/<int:instance_id>/suivi/", follow_up.of_instance, name="follow_up"),
    path("conseil/mes-taches/", follow_up.mine, name="my_tasks"),
    path("conseil/taches/<int:todo_id>/", follow_up.done, name="task_done"),
    # The public's, without an account.
    path("actes/", public.acts, name="public_acts"),
    path("actes/flux.atom", public.feed, name="public_feed"),
    path("actes/liste.html", public.fragment, name="public_fragment"),
    path("actes/deliberations-<int:year>.csv", open_data.deliberations, name="scdl"),
    path("actes/seances/<int:page_id>/<slug:paper>.pdf", public.paper, name="public_paper"),
    path("actes/<slug:act_number>/", public.act, name="public_act"),
    path("actes/<slug:act_number>/acte.pdf", public.file, name="public_act_file"),
    path("p/<int:page_id>/papiers/", acts.all_papers, name="papers"),
    path("p/<int:page_id>/papiers/<slug:paper>/publier/", publication.publish_paper, name="publish_paper"),
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
