"""The register of mails: what left, what did not and why. For administrators."""

from kb.notices.models import Mail
from kb.registers import Register


class MailRegister(Register):
    """Each mail, without its words: they are between two people."""

    model = Mail
    menu_label = "Courriels"
    menu_icon = "mail"
    inspect_view_fields = ("to", "by", "kind", "page", "document", "state", "reason", "written_at", "sent_at")
    list_display = ("to", "by", "kind", "state", "reason", "written_at", "sent_at")
    list_filter = ("state", "kind", "written_at")
    list_export = ("to", "by", "kind", "state", "reason", "written_at", "sent_at")
