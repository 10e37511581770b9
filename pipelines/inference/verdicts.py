"""What a finding is called, in English and Spanish; the words follow from the verdict and cannot say more than it."""

from __future__ import annotations

from pipelines.inference.association import Finding

ENGLISH = {
    "association": "moves together as registered",
    "contrary": "moves together, against what was registered",
    "smaller_than_0_3": "no relation shown; if there is one, the 90 % band keeps it below 0.3",
    "undecided": "no relation shown, and none of 0.3 excluded",
    "unsafe": "not to be read as a relation",
    "exploratory": "one of 13 lags looked at, not registered: no finding, whatever its p",
    "not_testable": "not testable on what is held",
}
SPANISH = {
    "association": "se mueven juntas como se registró",
    "contrary": "se mueven juntas, contra lo registrado",
    "smaller_than_0_3": "no se muestra relación; si la hay, la banda de 90 % la deja por debajo de 0.3",
    "undecided": "no se muestra relación, y no se excluye una de 0.3",
    "unsafe": "no debe leerse como relación",
    "exploratory": "uno de 13 rezagos mirados, sin registro: no es un hallazgo, sea cual sea su p",
    "not_testable": "no se puede probar con lo conservado",
}
OBJECTIONS_ENGLISH = {
    "chance": "not beyond chance where one looks every month",
    "family": "not beyond chance among the tests of its family",
    "one_month": "half of it hangs on one month",
    "memory_left": "the filters leave a memory in both series",
    "few_months": "too few months",
    "sign": "not the registered sign",
    "term_over": "the term of the test is over",
}
OBJECTIONS_SPANISH = {
    "chance": "no supera al azar si se mira cada mes",
    "family": "no supera al azar entre las pruebas de su familia",
    "one_month": "la mitad depende de un solo mes",
    "memory_left": "los filtros dejan memoria en ambas series",
    "few_months": "muy pocos meses",
    "sign": "no tiene el signo registrado",
    "term_over": "el plazo de la prueba terminó",
}
TOO_SHORT = "las series tienen muy pocos meses seguidos o no varían"
WINDOWS_SPANISH = {
    "departs": "se aparta de su curso como se registró; nada dice de causas",
    "contrary": "se aparta de su curso, pero no como se registró; nada dice de causas",
    "not_shown": "no se muestra que se aparte de su curso más que en fechas al azar",
    "exploratory": "mirado sin registro: no es un hallazgo, sea cual sea su p",
    "not_testable": "no se puede probar con lo conservado",
}
WINDOWS_ENGLISH = {
    "departs": "departs from its course as registered; this says nothing of causes",
    "contrary": "departs from its course, but not as registered; this says nothing of causes",
    "not_shown": "not shown to depart from its course more than around random dates",
    "exploratory": "looked at without registration: no finding, whatever its p",
    "not_testable": "not testable on what is held",
}
# No verdict says why: two series that move together may share a third cause.
CLOSING = ("This says nothing of causes.", "Esto nada dice de causas.")


def words(verdict: str, objections: list[str], finding: Finding) -> tuple[str, str]:
    """The verdict in a sentence with its figures, in English and Spanish."""
    naive = finding.naive
    figures = (
        f"r = {finding.r:+.2f} (90 % {finding.r_low:+.2f} to {finding.r_high:+.2f}), p = {finding.p:.2g}, "
        f"looked at monthly {finding.p_monitored:.2g}, n = {finding.n}; naive r = {naive.r:+.2f}, p = {naive.p:.1g}"
    )
    cifras = (
        f"r = {finding.r:+.2f} (90 % de {finding.r_low:+.2f} a {finding.r_high:+.2f}), p = {finding.p:.2g}, "
        f"mirada cada mes {finding.p_monitored:.2g}, n = {finding.n}; r ingenua = {naive.r:+.2f}, p = {naive.p:.1g}"
    )
    why = "".join(f"; {OBJECTIONS_ENGLISH[name]}" for name in objections)
    porque = "".join(f"; {OBJECTIONS_SPANISH[name]}" for name in objections)
    return (
        f"{ENGLISH[verdict].capitalize()}: {figures}{why}. {CLOSING[0]}",
        f"{SPANISH[verdict].capitalize()}: {cifras}{porque}. {CLOSING[1]}",
    )


def not_testable(why: str) -> tuple[str, str]:
    """The same where nothing could be measured."""
    return f"{ENGLISH['not_testable'].capitalize()}: {why}.", f"{SPANISH['not_testable'].capitalize()}: {TOO_SHORT}."


def exploratory() -> tuple[str, str]:
    """The same for a lag that was only looked at."""
    return f"{ENGLISH['exploratory'].capitalize()}.", f"{SPANISH['exploratory'].capitalize()}."
