"""The knowledge base's addresses."""

from django.urls import include, path

from kb import registers
from kb.about import views as about
from kb.access import screens as access_screens
from kb.access import views as access
from kb.buttons import views as buttons
from kb.comments import views as comments
from kb.documents import screens
from kb.documents import views as files
from kb.documents.extraction import views as texts
from kb.exchange import views as exchange
from kb.history import views as history
from kb.life import views as life
from kb.links import views as links
from kb.moderation import mail_views as decisions
from kb.moderation import views as moderation
from kb.notices import views as notices
from kb.pages import draft_views as drafts
from kb.pages import views as pages
from kb.sharing import views as sharing
from kb.trash import views as trash

urlpatterns = [
    path("", include("kb.people.urls")),
    path("aide/", about.help_page, name="help"),
    path("accessibilite/", about.accessibility, name="accessibility"),
    path("donnees-personnelles/", about.personal_data, name="personal_data"),
    path("p/<int:page_id>/", pages.show_page, name="page"),
    path("p/<int:page_id>/lu/", pages.mark_read, name="mark_read"),
    path("p/<int:page_id>/favori/", pages.toggle_favourite, name="toggle_favourite"),
    path("p/<int:page_id>/suivre/", notices.follow_page, name="follow_page"),
    path("p/<int:page_id>/creer/", pages.create_missing_page, name="create_missing_page"),
    path("p/<int:page_id>/brouillon/", drafts.draft, name="draft"),
    path("p/<int:page_id>/publier/", drafts.publish_draft, name="publish_draft"),
    path("p/<int:page_id>/historique/", history.history, name="history"),
    path("p/<int:page_id>/historique/<int:old>/<int:new>/", history.difference, name="difference"),
    path("p/<int:page_id>/historique/<int:revision_id>/", history.revision, name="revision"),
    path("p/<int:page_id>/historique/<int:revision_id>/reprendre/", history.restore, name="restore"),
    path("p/<int:page_id>/acces/", access.access, name="access"),
    path("p/<int:page_id>/acces/changer/", access.change, name="access_change"),
    path("p/<int:page_id>/envoyer/", sharing.send_page, name="send_page"),
    path("documents/<int:document_id>/envoyer/", sharing.send_document, name="send_document"),
    path("p/<int:page_id>/supprimer/", trash.delete_page, name="delete_page"),
    path("p/<int:page_id>/verification/", life.review, name="review_page"),
    path("p/<int:page_id>/verifiee/", life.check, name="check_page"),
    path("p/<int:page_id>/archiver/", life.archive, name="archive_page"),
    path("p/<int:page_id>/desarchiver/", life.unarchive, name="unarchive_page"),
    path("verifications/", life.reviews, name="reviews"),
    path("documents/<int:document_id>/supprimer/", trash.delete_document, name="delete_document"),
    path("images/<int:image_id>/supprimer/", trash.delete_image, name="delete_image"),
    path("corbeille/", trash.trash, name="trash"),
    path("corbeille/<int:deletion_id>/restaurer/", trash.restore, name="trash_restore"),
    path("corbeille/<int:deletion_id>/vider/", trash.empty, name="trash_empty"),
    path("demander/", sharing.ask, name="ask_access"),
    path("acces/", access_screens.who_sees_what, name="who_sees_what"),
    path("acces/revue/", access_screens.yearly_review, name="yearly_review"),
    path("acces/demandes/", sharing.requests, name="access_requests"),
    path("acces/demandes/<int:request_id>/", sharing.answer, name="access_request"),
    path("a-valider/", moderation.desk, name="desk"),
    path("a-valider/<int:task_state_id>/", moderation.review, name="review"),
    path("a-valider/courriel/<str:token>/", decisions.by_mail, name="review_by_mail"),
    path("a-valider/absence/", moderation.absence, name="absence"),
    path("a-valider/circuits/", moderation.circuits, name="circuits"),
    path("a-valider/circuits/choisir/", moderation.choose_circuit, name="choose_circuit"),
    path("p/<int:page_id>/circuit/", moderation.circuit, name="circuit"),
    path("p/<int:page_id>/soumettre/", moderation.submit, name="submit_draft"),
    path("p/<int:page_id>/reprendre/", moderation.take_back, name="take_back_draft"),
    path("p/<int:page_id>/deprogrammer/", moderation.cancel_planned, name="cancel_planned"),
    path("p/<int:page_id>/commentaires/", comments.write, name="write_comment"),
    path("p/<int:page_id>/brouillon/invitations/", comments.invite, name="invite_to_draft"),
    path("entrer/", buttons.enter, name="enter"),
    path("entrer/code/", buttons.code, name="enter_code"),
    path("entrer/oublier/", buttons.forget_devices, name="forget_devices"),
    path("entrer/<slug:token>/", buttons.button, name="button"),
    path("commentaires/<int:comment_id>/repondre/", comments.answer, name="answer_comment"),
    path("commentaires/<int:comment_id>/etat/", comments.settle, name="settle_comment"),
    path("commentaires/<int:comment_id>/lecteurs/", comments.show_to_readers, name="show_comment_to_readers"),
    path("p/<int:page_id>/deposer/", screens.drop, name="drop"),
    path("p/<int:page_id>/joindre/", screens.attach_existing, name="attach_existing"),
    path("p/<int:page_id>/importer/", exchange.import_files, name="import_files"),
    path("imports/<int:import_id>/", exchange.import_status, name="import_status"),
    path("imports/<int:import_id>/<int:record_id>/", exchange.answer_import, name="answer_import"),
    path("p/<int:page_id>/export.<slug:target>", exchange.export_page, name="export_page"),
    path("p/<int:page_id>/exporter/", exchange.export_branch, name="export_branch"),
    path("exports/<int:export_id>/", exchange.export_status, name="export"),
    path("exports/<int:export_id>/fichier/", exchange.export_file, name="export_file"),
    path("nouvelle/<int:page_id>/", pages.new_page, name="new_page"),
    path("arbre/", pages.tree_rows, name="tree_rows"),
    path("plan/", pages.tree_page, name="tree_page"),
    path("changements/", pages.recent_changes, name="recent_changes"),
    path("mes-pages/", pages.favourites, name="favourites"),
    path("mot-cle/<str:slug>/", pages.tagged, name="tag"),
    path("mot-cle/<str:slug>/suivre/", notices.follow_tag, name="follow_tag"),
    path("journal/", notices.show_journal, name="journal"),
    path("suivi/", notices.show_following, name="following"),
    path("compte/courriels/", notices.mail_habits, name="mail_habits"),
    path("courriels/arret/<slug:token>/", notices.stop_mails, name="stop_mails"),
    path("courriels/renvoyer/", notices.send_again, name="send_mails_again"),
    path("travaux/<int:job_id>/relancer/", registers.retry_job, name="retry_job"),
    path("rapports/liens/", links.report, name="links_report"),
    path("documents/<int:document_id>/", files.document, name="document"),
    path("documents/<int:document_id>/v<int:number>/", files.document_version, name="document_version"),
    path("documents/<int:document_id>/v<int:number>/apercu/", screens.preview, name="document_preview"),
    path("documents/<int:document_id>/v<int:number>/texte/", texts.text, name="document_text"),
    path("documents/<int:document_id>/v<int:number>/relire/", texts.read_again, name="document_read_again"),
    path("textes/relancer/", texts.read_all_again, name="read_all_again"),
    path("documents/<int:document_id>/v<int:number>/vignette/", files.thumbnail, name="thumbnail"),
    path("documents/<int:document_id>/v<int:number>/remettre/", screens.restore, name="document_restore"),
    path("documents/<int:document_id>/v<int:number>/garder/<int:page_id>/", screens.pin, name="pin_version"),
    path("documents/<int:document_id>/fiche/", screens.sheet, name="document_sheet"),
    path("documents/<int:document_id>/remplacer/", screens.replace, name="document_replace"),
    path("documents/<int:document_id>/publier/", screens.publish, name="document_publish"),
    path("images/<int:rendition_id>/", files.rendition, name="rendition"),
]
