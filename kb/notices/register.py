"""The register of mails: what left, what did not and why. For administrators."""

from kb.notices.models import KINDS, Mail
from kb.registers import Register, kinds_filter


class MailRegister(Register):
    """Each mail, without its words: they are between two people."""

    model = Mail
    menu_label = "Courriels"
    menu_icon = "mail"
    inspect_view_fields = ("to", "by", "kind", "page", "document", "state", "reason", "written_at", "sent_at")
    list_display = ("to", "by", "label", "state", "reason", "written_at", "sent_at")
    list_filter = ("state", kinds_filter(KINDS), "written_at")
    list_export = ("to", "by", "label", "state", "reason", "written_at", "sent_at")

    def label(self, mail: Mail) -> str:
        """The kind, in words."""
        return mail.label

    label.short_description = "Sorte"  # type: ignore[attr-defined]
