"""What the owner of a task is told: in his journal, by mail."""

from datetime import date

from council.follow_up.models import Task
from kb.notices.journal import says
from kb.notices.letters import Letter, Withheld, writes
from kb.notices.models import Mail, Notice
from kb.typography import day

MINE = "/conseil/mes-taches/"
TOLD = {
    "task_given": "Une tâche vous est confiée, pour le {due}",
    "task_due": "Une tâche est à faire pour le {due}",
    "task_late": "Une tâche était à faire pour le {due}",
}
LABELS = {"task_given": "Tâche confiée", "task_due": "Tâche à faire", "task_late": "Tâche en retard"}


def _letter(mail: Mail) -> Letter:
    task = Task.objects.select_related("act").filter(pk=mail.data.get("task")).first()
    if task is None or task.done_on or task.owner_id != mail.to_id:
        raise Withheld("La tâche est faite, ou confiée à quelqu’un d’autre.")
    told = TOLD[mail.kind].format(due=day(task.due))
    return Letter(
        subject=f"{LABELS[mail.kind]} : {task.what}",
        kind=LABELS[mail.kind],
        title=task.what,
        paragraphs=(f"{told}.", f"Elle suit un acte du conseil : {task.act}."),
        button="Voir mes tâches",
        path=MINE,
        why="Vous recevez ce courriel parce que cette tâche vous est confiée.",
    )


def _sentence(notice: Notice) -> tuple[str, str]:
    data = notice.data
    told = TOLD[notice.kind].format(due=day(date.fromisoformat(data["due"])))
    return f"{told} : {data['what']} ({data['act']}).", MINE


for _kind, _label in LABELS.items():
    writes(_kind, label=_label)(_letter)
    says(_kind)(_sentence)
