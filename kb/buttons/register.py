"""The register of buttons: who has one, until when, which were ended. When each was pressed is its person's business."""

from kb.buttons.models import PersonalButton
from kb.registers import Register


class ButtonRegister(Register):
    """Each button, without its uses."""

    model = PersonalButton
    menu_label = "Boutons personnels"
    menu_icon = "key"
    inspect_view_fields = ("person", "opens", "made_by", "made_at", "until", "ended_at", "ended_because")
    list_display = ("person", "opens", "made_by", "made_at", "until", "ended_at", "ended_because")
    list_filter = ("made_at", "ended_at")
    list_export = ("person", "opens", "made_by", "made_at", "until", "ended_at", "ended_because")
