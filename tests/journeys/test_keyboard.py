"""Every public screen by the keyboard alone: Tab reaches all that acts, in order, shows where it is, and is never trapped."""

import pytest

from tests.journeys.test_accessibility import screens

# What acts in the main part: marked by its place; one radio button stands for its group.
MARK = """() => {
  const seen = new Set();
  const acts = [...document.querySelectorAll('main a[href], main button, main input:not([type=hidden]), main select, main textarea, main summary')]
    .filter(one => one.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0)
    .filter(one => one.type !== 'radio' || (!seen.has(one.name) && seen.add(one.name)));
  acts.forEach((one, place) => { one.dataset.place = place; });
  document.getElementById('main').focus();
  return acts.map(one => one.outerHTML.slice(0, 120));
}"""
HERE = """() => {
  const here = document.activeElement;
  if (!here || !here.closest('main')) return null;
  const group = here.type === 'radio' ? document.querySelector(`main input[name="${here.name}"][data-place]`) : here;
  let shown = false;
  for (let one = here; one && one.id !== 'main'; one = one.parentElement) shown ||= getComputedStyle(one).outlineStyle !== 'none';
  return [group ? group.dataset.place : undefined, shown];
}"""


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_tab_reaches_everything_in_order(town, visitor):
    admin = visitor(width=1280).sign_in(town.signed_in(town.admin))
    troubles = []
    for path in screens(town):
        if path.startswith("/admin/"):
            continue
        admin.page.goto(path)
        acts = admin.page.evaluate(MARK)
        reached = []
        for _ in range(4 * len(acts) + 5):  # Tab stops up to four times in the field of a date
            admin.page.keyboard.press("Tab")
            here = admin.page.evaluate(HERE)
            if here is None:
                break
            place, shown = here
            if place is not None and int(place) not in reached:
                reached.append(int(place))
            if not shown:
                troubles.append(f"{path}: no outline on {acts[int(place)] if place else 'what Tab reached'}")
        else:
            troubles.append(f"{path}: Tab does not leave the screen")
        troubles += [f"{path}: not reached: {acts[one]}" for one in range(len(acts)) if one not in reached]
        # The radio button that is reached is the chosen one, wherever it stands in its group.
        in_order = [one for one in reached if 'type="radio"' not in acts[one]]
        if in_order != sorted(in_order):
            troubles.append(f"{path}: not in the order of the screen")
    assert not troubles, "\n".join(troubles)
