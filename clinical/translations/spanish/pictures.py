"""The texts of pictures and of the printed cost statement, in Spanish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PICTURES: Final[Mapping[str, str]] = {
    # The trend chart.
    "Wellbeing": "Bienestar",
    "Enjoyment": "Disfrute",
    "Side effects": "Efectos secundarios",
    "all answers as one; 10 is best": "todo en uno; 10 es lo mejor",
    "10 is best": "10 es lo mejor",
    "10 is worst": "10 es lo peor",
    "sum of each day; 0 is none": "suma de cada día; 0 es ninguno",
    "Jan": "ene",
    "Feb": "feb",
    "Mar": "mar",
    "Apr": "abr",
    "Jun": "jun",
    "Jul": "jul",
    "Aug": "ago",
    "Sep": "sep",
    "Oct": "oct",
    "Nov": "nov",
    "Dec": "dic",
    "day {day}": "día {day}",
    "No answers": "Sin respuestas",
    "{measure}: no answers.": "{measure}: sin respuestas.",
    "level {value:.1f} on {day}": "nivel {value:.1f} el {day}",
    "{level}, {value:.1f} on {day}": "{level}, {value:.1f} el {day}",
    "{number} of {days}": "{number} de {days}",
    "{days} used, none of an induction, of an infusion's day or the next": (
        "{days} utilizados, ninguno de una inducción, del día de una infusión ni del siguiente"
    ),
    "Answers are points, their level a line with its 80 % band; days without an answer are hatched.": (
        "Las respuestas son puntos y su nivel una línea con su banda del 80 %; los días sin respuesta"
        " están rayados."
    ),
    "Earlier days are not drawn: these are the last {number}.": (
        "Los días anteriores no se dibujan: estos son los últimos {number}."
    ),
    "No infusions.": "Ninguna infusión.",
    "{infusions}, on {days}.": "{infusions}: {days}.",
    "{infusions}, the last {number} on {days}.": "{infusions}; las últimas {number}: {days}.",
    "{events} on {days}.": "{events}: {days}.",
    "{events}, the last {number} on {days}.": "{events}; las {number} fechas más recientes: {days}.",
    "psychotherapy session": "sesión de psicoterapia",
    "medication change": "cambio de medicación",
    "life event": "acontecimiento vital",
    "note": "nota",
    "more than 8 weeks after the last infusion": "más de 8 semanas después de la última infusión",
    "Half of the benefit is probably gone only {beyond}": (
        "La mitad del beneficio probablemente no se pierde hasta {beyond}"
    ),
    "Half of the benefit is probably gone {days} (8 chances in 10){middle}": (
        "La mitad del beneficio probablemente se pierde {days} (8 probabilidades de 10){middle}"
    ),
    "between {first} and {last}": "entre el {first} y el {last}",
    "from {first} to {beyond}": "entre el {first} y {beyond}",
    ", middle {day}": ", en el centro el {day}",
    "{text}; recommended day: {day} ({away}).": "{text}; día recomendado: el {day} ({away}).",
    "today": "hoy",
    "in {days}": "dentro de {days}",
    "{days} ago": "hace {days}",
    "Half of the benefit is gone below a wellbeing of {line:.1f}.": (
        "La mitad del beneficio se ha perdido por debajo de un bienestar de {line:.1f}."
    ),
    "Half of the benefit is gone with {measure} above {line:.1f}.": (
        "La mitad del beneficio se ha perdido con {measure} por encima de {line:.1f}."
    ),
    "Half of the benefit is gone with {measure} below {line:.1f}.": (
        "La mitad del beneficio se ha perdido con {measure} por debajo de {line:.1f}."
    ),
    "No forecast is drawn.": "No se dibuja ningún pronóstico.",
    "No half-benefit line and no due window are drawn.": (
        "No se dibujan ni la línea de medio beneficio ni el intervalo previsto."
    ),
    "The days shown end before today.": "Los días mostrados terminan antes de hoy.",
    "There is no outlook yet.": "Aún no hay previsión.",
    "answer of a day": "respuesta de un día",
    "level, 80 % band": "nivel, banda del 80 %",
    "no answer": "sin respuesta",
    "no mark: not used for the forecast": "sin marca: no se usa para el pronóstico",
    "infusion": "infusión",
    "end of today": "fin de hoy",
    "half of the benefit": "mitad del beneficio",
    "half is gone on one of these days (80 %)": "la mitad se pierde en estos días (80 %)",
    "as likely before as after": "igual de probable antes que después",
    "recommended day": "día recomendado",
    "Weekly means": "Promedios semanales",
    "Week": "Semana",
    "{panel}, mean": "{panel}, promedio",
    "{mean:.1f}, {number} of {days}": "{mean:.1f}, {number} de {days}",
    "no answer in {days}": "sin respuesta en {days}",
    "Infusions": "Infusiones",
    # Other charts.
    "Was the probability right?": "¿Fue correcta la probabilidad?",
    "After a recalibration: {pairs}.": "Después de una recalibración: {pairs}.",
    "Circles: after a recalibration by the clinic's record, each patient's by that of other patients.": (
        "Círculos: después de una recalibración con los registros de la clínica, la de cada paciente con los"
        " de otros pacientes."
    ),
    "Insufficient data: fewer than five cycles at every probability.": (
        "Datos insuficientes: menos de cinco ciclos en cada probabilidad."
    ),
    (
        "Across: the probability that was forecast. Up: the share in which half was lost. On the diagonal"
        " the forecasts are right; above it half was lost more often than forecast, below it less often."
        " Bars: the range of chance, 95 %."
    ): (
        "Eje horizontal: la probabilidad pronosticada. Eje vertical: la proporción en que se perdió la"
        " mitad. En la diagonal los pronósticos son correctos; por encima la mitad se perdió más a menudo"
        " de lo pronosticado, por debajo menos. Barras: el margen del azar, 95 %."
    ),
    (
        "Where {forecast:.0%} was forecast, half of the benefit was lost in {observed:.0%} of {cycles}"
        " cycles ({low:.0%} to {high:.0%})."
    ): (
        "Donde se pronosticó el {forecast:.0%}, la mitad del beneficio se perdió en el {observed:.0%} de"
        " {cycles} ciclos ({low:.0%} a {high:.0%})."
    ),
    "Probability forecast and share in which half was lost by that day. {pairs}.": (
        "Probabilidad pronosticada y proporción en que la mitad se había perdido ese día. {pairs}."
    ),
    "{forecast:.0%}: {observed:.0%} of {cycles} cycles": (
        "{forecast:.0%}: {observed:.0%} de {cycles} ciclos"
    ),
    "No infusion has been followed by an answer yet.": ("Aún no hay respuestas después de ninguna infusión."),
    (
        "Thick: the last infusion, shaded its 80 % band, its answers as small dots; fine: the earlier"
        " ones, the latest with their numbers. Circle: the week before. Triangle: onset. Diamond: peak."
        " Square: half of this infusion's own rise over the week before lost."
    ): (
        "Línea gruesa: la última infusión, con su banda del 80 % sombreada y sus respuestas como puntos"
        " pequeños; finas: las anteriores, las más recientes con su número. Círculo: la semana anterior."
        " Triángulo: inicio. Rombo: máximo. Cuadrado: se perdió la mitad de la subida de esta infusión"
        " sobre la semana anterior."
    ),
    (
        "It shows what was answered. The outlook is not made of it, and no forecast follows from it. Half"
        " of the benefit, in the outlook, is another level: half of the gain over the baseline before"
        " treatment."
    ): (
        "Muestra lo que se respondió. La previsión no se basa en esto, y de aquí no se sigue ningún"
        " pronóstico. La mitad del beneficio, en la previsión, es otro nivel: la mitad de la mejora sobre"
        " el nivel de partida anterior al tratamiento."
    ),
    "Response to each infusion, wellbeing from its day on": (
        "Respuesta a cada infusión, bienestar desde su día"
    ),
    (
        "After {rose} of {infusions} wellbeing rose a point or more over the week before; after {lost} of"
        " these half of that rise was lost before the next."
    ): (
        "Tras {rose} de {infusions} el bienestar subió un punto o más sobre la semana anterior; tras"
        " {lost} de ellas se perdió la mitad de esa subida antes de la siguiente."
    ),
    "Infusion {number} on {day}": "Infusión {number}, {day}",
    "before": "antes",
    "{number} others are in the JSON.": "Otras {number} están en el JSON.",
    "{infusion}: too few answers in the week before.": (
        "{infusion}: demasiado pocas respuestas en la semana anterior."
    ),
    "{infusion}: rise {rise:.1f}.": "{infusion}: subida de {rise:.1f}.",
    "{infusion}: rise {rise:.1f}, onset on day {onset}, peak on day {peak}, {lost}.": (
        "{infusion}: subida de {rise:.1f}, inicio el día {onset}, máximo el día {peak}, {lost}."
    ),
    "half of it not lost": "sin pérdida de la mitad",
    "half of it lost on day {day}": "la mitad perdida el día {day}",
    "Mood changed by {change:+.1f} within {hours:g} hours.": (
        "El ánimo cambió en {change:+.1f} en {hours:g} horas."
    ),
    "How long responses lasted, by {instrument}": "Cuánto duraron las respuestas, según {instrument}",
    "Too few responded, or were asked again, to be shown.": (
        "Respondieron, o se volvió a preguntar a, demasiado pocos para mostrarlo."
    ),
    "Of {number} who responded, {share:.0%} still did after {days} days ({low:.0%} to {high:.0%}).": (
        "De {number} que respondieron, el {share:.0%} aún respondía después de {days} días ({low:.0%} a"
        " {high:.0%})."
    ),
    "day {day:g}: {share:.0%}": "día {day:g}: {share:.0%}",
    "Still responding: {shares}.": "Aún responden: {shares}.",
    "{study}, without maintenance: {shares}.": "{study}, sin mantenimiento: {shares}.",
    "Shaded: the range of chance, 95 %. Maintenance goes on; what was published is without it.": (
        "Sombreado: el margen del azar, 95 %. El mantenimiento continúa; lo publicado es sin él."
    ),
    "Diamonds: {study}.": "Rombos: {study}.",
    # The cost statement.
    "Infusions and what they cost": "Infusiones y su coste",
    "{name}, record number {number}": "{name}, número de historia {number}",
    "As of {day}": "A fecha de {day}",
    "So far": "Hasta ahora",
    "A year": "Un año",
    "Day": "Día",
    "Given": "Administrada",
    "Currency": "Moneda",
    "Coverage": "Cobertura",
    "Interval": "Intervalo",
    "Every": "Cada",
    "Price": "Precio",
    "Covered": "Cubierto",
    "Patient pays": "Paga el paciente",
    "Reimbursed": "Reembolsado",
    "Left to the patient": "A cargo del paciente",
    "Infusions given": "Infusiones administradas",
    "yes": "sí",
    "no": "no",
    "partly": "en parte",
    "reimbursed": "reembolsada",
    "As between the last two infusions": "Como entre las dos últimas infusiones",
    "The plan's shortest interval": "El intervalo más corto del plan",
    "The plan's longest interval": "El intervalo más largo del plan",
    "Infusions given without a recorded price, and so not counted: {number}.": (
        "Infusiones administradas sin precio registrado, y por tanto no contadas: {number}."
    ),
    "A year is estimated in maintenance, once an infusion given has a price.": (
        "El año se estima en mantenimiento, cuando una infusión administrada tiene precio."
    ),
    "The interval between the last two infusions is shown once maintenance has two.": (
        "El intervalo entre las dos últimas infusiones se muestra cuando el mantenimiento tiene dos."
    ),
    "The year is arithmetic: it states what an interval would cost, not what is needed.": (
        "El año es aritmética: dice lo que costaría un intervalo, no lo que se necesita."
    ),
}
