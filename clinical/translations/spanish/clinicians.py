"""What a clinician reads, in Spanish: attention, reasons, bookings, checks and reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CLINICIANS: Final[Mapping[str, str]] = {
    # Days, spans and counts.
    "January": "enero",
    "February": "febrero",
    "March": "marzo",
    "April": "abril",
    "May": "mayo",
    "June": "junio",
    "July": "julio",
    "August": "agosto",
    "September": "septiembre",
    "October": "octubre",
    "November": "noviembre",
    "December": "diciembre",
    "{day} {month}": "{day} de {month}",
    "{day} {month} {year}": "{day} de {month} de {year}",
    "{low} to {high}": "{low} a {high}",
    "{left} and {right}": "{left} y {right}",
    "{number} in {of}": "{number} de cada {of}",
    "less than {number} in {of}": "menos de {number} de cada {of}",
    "more than {number} in {of}": "más de {number} de cada {of}",
    "{number} day": "{number} día",
    "{number} days": "{number} días",
    "{number} answered day": "{number} día con respuesta",
    "{number} answered days": "{number} días con respuesta",
    "{number} check-in": "{number} registro",
    "{number} check-ins": "{number} registros",
    "{number} usable check-in": "{number} registro utilizable",
    "{number} usable check-ins": "{number} registros utilizables",
    "{number} finished cycle": "{number} ciclo terminado",
    "{number} finished cycles": "{number} ciclos terminados",
    "{number} infusion": "{number} infusión",
    "{number} infusions": "{number} infusiones",
    "{number} patient": "{number} paciente",
    "{number} patients": "{number} pacientes",
    "{number} safety alert": "{number} alerta de seguridad",
    "{number} safety alerts": "{number} alertas de seguridad",
    # Attention and headline.
    "{alerts} open.": "{alerts} sin cerrar.",
    "Treatment has not begun.": "El tratamiento no ha comenzado.",
    "Course {number} has not begun: no infusion of it was given.": (
        "El tratamiento {number} no ha comenzado: no se ha administrado ninguna de sus infusiones."
    ),
    "Not due.": "Aún no corresponde.",
    "Due soon.": "Corresponde pronto.",
    "Due.": "Corresponde ya.",
    "Overdue.": "Con retraso.",
    "Due today.": "Corresponde hoy.",
    "Due since {day}.": "Corresponde desde el {day}.",
    "Treatment is paused.": "El tratamiento está en pausa.",
    "Treatment has been paused since {day}{until}.": ("El tratamiento está en pausa desde el {day}{until}."),
    ", until {day}": ", hasta el {day}",
    "The course has ended.": "El ciclo de tratamiento ha terminado.",
    "The course was completed on {day}.": "El ciclo de tratamiento se completó el {day}.",
    "The course ended on {day}.": "El ciclo de tratamiento terminó el {day}.",
    "The course ended on {day}: {why}.": "El ciclo de tratamiento terminó el {day}: {why}.",
    "no benefit": "sin beneficio",
    "side effects": "efectos secundarios",
    "the patient's decision": "decisión del paciente",
    "dropped out": "abandono",
    "transferred to another clinic": "traslado a otra clínica",
    "No measurable benefit.": "Sin beneficio medible.",
    "Worse than before treatment.": "Peor que antes del tratamiento.",
    "The data do not suffice for a forecast.": "Los datos no bastan para un pronóstico.",
    "Induction.": "Inducción.",
    "Induction{course}: {given}, on pace; the next is expected on {day}.": (
        "Inducción{course}: {given}, al ritmo previsto; la siguiente se espera el {day}."
    ),
    "Induction{course}: {given}, {days} behind the plan.": (
        "Inducción{course}: {given}, {days} de retraso sobre el plan."
    ),
    "Induction{course} lapsed: {given}, {days} since the last.": (
        "Inducción{course} interrumpida: {given}, {days} desde la última."
    ),
    " of course {number}": " del tratamiento {number}",
    "{given} of {planned} infusions given": "{given} de {planned} infusiones administradas",
    "Induction lapsed: {given}, {days} since the last.": (
        "Inducción interrumpida: {given}, {days} desde la última."
    ),
    "Induction {days} behind: {given}, {number} expected.": (
        "Inducción con {days} de retraso: {given}, se esperaban {number}."
    ),
    "Half of the benefit has probably gone{by} ({chance}).": (
        "Probablemente ya se ha perdido la mitad del beneficio{by} ({chance})."
    ),
    "Half of the benefit has possibly gone{by} ({chance}).": (
        "Es posible que ya se haya perdido la mitad del beneficio{by} ({chance})."
    ),
    ", by {rating}": ", según {rating}",
    "Mood fell from {before:.1f} to {now:.1f} on the {number} days answered since {day}.": (
        "El ánimo bajó de {before:.1f} a {now:.1f} en los {number} días con respuesta desde el {day}."
    ),
    "{name} {total} on {day}, was {before} before treatment: reliably worse.": (
        "{name} de {total} el {day}; era de {before} antes del tratamiento: empeoramiento fiable."
    ),
    "{days} past the plan's latest day, {day}.": (
        "{days} de retraso sobre el último día del plan, el {day}."
    ),
    "The recommended day was {day}.": "El día recomendado fue el {day}.",
    "The recommended day is {day}.": "El día recomendado es el {day}.",
    "The plan's latest day is {day}.": "El último día del plan es el {day}.",
    "The plan's latest day was {day}.": "El último día del plan fue el {day}.",
    "No check-in for {days}.": "Sin registro desde hace {days}.",
    "No check-in for {days}; usually every day.": (
        "Sin registro desde hace {days}; lo habitual es a diario."
    ),
    "No check-in for {days}; usually every {number} days.": (
        "Sin registro desde hace {days}; lo habitual es cada {number} días."
    ),
    "No check-in in the {days} since treatment began.": (
        "Sin ningún registro en {days}, desde que comenzó el tratamiento."
    ),
    "{days} since the last infusion.": "{days} desde la última infusión.",
    "{days} since the last infusion; the plan's latest day was {latest}.": (
        "{days} desde la última infusión; el último día del plan fue el {latest}."
    ),
    "{days} since the last infusion; the plan's latest day is {latest}.": (
        "{days} desde la última infusión; el último día del plan es el {latest}."
    ),
    "A new course is proposed, after {days} without an infusion.": (
        "Se propone un nuevo ciclo de tratamiento, tras {days} sin infusiones."
    ),
    "PHQ-9 {total}{on_day}{was}.": "PHQ-9 de {total}{on_day}{was}.",
    " on {day}": " el {day}",
    ", was {total}": "; era de {total}",
    "Response review due today.": "La revisión de la respuesta corresponde hoy.",
    "Response review due since {day}.": "La revisión de la respuesta corresponde desde el {day}.",
    "Response review due from {day}.": "La revisión de la respuesta corresponde a partir del {day}.",
    (
        "Ask, before a forecast or a date is shown: after how many days was half of the benefit of the last"
        " infusion gone?"
    ): (
        "Pregunte, antes de mostrar un pronóstico o una fecha: ¿a los cuántos días se había perdido la mitad"
        " del beneficio de la última infusión?"
    ),
    "The response review of {day} decided to refer the patient; the course has no end yet.": (
        "La revisión de la respuesta del {day} decidió derivar al paciente; el ciclo de tratamiento aún"
        " no tiene fin."
    ),
    "The response review of {day} decided to stop treatment; the course has no end yet.": (
        "La revisión de la respuesta del {day} decidió suspender el tratamiento; el ciclo de tratamiento"
        " aún no tiene fin."
    ),
    # Bookings.
    "Nothing booked.": "Sin cita.",
    "Nothing else booked.": "Sin otra cita.",
    "Booked for {day}.": "Cita el {day}.",
    "Nothing booked; the recommended day was {day}.": "Sin cita; el día recomendado fue el {day}.",
    "Nothing booked; the recommended day is {day}.": "Sin cita; el día recomendado es el {day}.",
    "Nothing booked; the plan's latest day is {day}.": "Sin cita; el último día del plan es el {day}.",
    "Nothing booked; the plan's latest day was {day}.": "Sin cita; el último día del plan fue el {day}.",
    "The infusion booked for {day} is not confirmed: given or not done?": (
        "La infusión con cita el {day} no está confirmada: ¿se administró o no?"
    ),
    "Booked elsewhere for {day}, and no infusion recorded since.": (
        "Cita fuera del sistema el {day}, sin ninguna infusión registrada desde entonces."
    ),
    "Booked for {day}, but the course ended on {end}.": (
        "Cita el {day}, pero el ciclo de tratamiento terminó el {end}."
    ),
    "Booked for {day}, but the course ends on {end}.": (
        "Cita el {day}, pero el ciclo de tratamiento termina el {end}."
    ),
    "Booked for {day}, but treatment is paused{until}.": (
        "Cita el {day}, pero el tratamiento está en pausa{until}."
    ),
    " until {day}": " hasta el {day}",
    "Two infusions booked for {day}.": "Dos infusiones con cita el {day}.",
    "Booked for {first} and {second}, {days} apart; the plan's shortest interval is {shortest}.": (
        "Citas el {first} y el {second}, con {days} entre ambas; el intervalo más corto del plan es de"
        " {shortest}."
    ),
    "Booked for {day}, but a decision names {decided}, booked elsewhere.": (
        "Cita el {day}, pero una decisión indica el {decided}, con cita fuera del sistema."
    ),
    "Booked for {day}, {days} before the plan's earliest day, {earliest}.": (
        "Cita el {day}, {days} antes del primer día del plan, el {earliest}."
    ),
    "Booked for {day}, {days} after the plan's latest day, {latest}.": (
        "Cita el {day}, {days} después del último día del plan, el {latest}."
    ),
    "Booked for {day}, {days} after the recommended day, {recommended}.": (
        "Cita el {day}, {days} después del día recomendado, el {recommended}."
    ),
    "Booked for {day}, {days} after the last infusion.": (
        "Cita el {day}, {days} después de la última infusión."
    ),
    "Booked for {day} with a reason to hold: {hold}": "Cita el {day} con un motivo para posponer. {hold}",
    "Reason to hold: {hold}": "Motivo para posponer. {hold}",
    # Reasons to hold, and what to check before an infusion.
    "No consultation is recorded.": "No consta ninguna consulta.",
    "The consultation of {day} ended without a decision.": "La consulta del {day} terminó sin decisión.",
    "The consultation of {day} was before an earlier course of treatment; none is recorded since.": (
        "La consulta del {day} fue antes de un tratamiento anterior; no consta ninguna desde entonces."
    ),
    "The consultation of {day} found treatment not suitable{treated}.": (
        "La consulta del {day} consideró que el tratamiento no es adecuado{treated}."
    ),
    "The consultation of {day} deferred treatment{treated}.": (
        "La consulta del {day} aplazó el tratamiento{treated}."
    ),
    "; treated since, last on {day}": "; tratado desde entonces, la última vez el {day}",
    "; treated since": "; tratado desde entonces",
    "No consent to treatment is recorded.": "No consta ningún consentimiento para el tratamiento.",
    "Consent to treatment was given on {day}, after this day.": (
        "El consentimiento para el tratamiento se dio el {day}, después de este día."
    ),
    "{given} infusions in {days} days; the clinic's number is {most}.": (
        "{given} infusiones en {days} días; el límite de la clínica es {most}."
    ),
    "The last interval was {days}; the clinic's shortest is {shortest}.": (
        "El último intervalo fue de {days}; el más corto de la clínica es de {shortest}."
    ),
    "The last intervals grew shorter: {numbers} days.": (
        "Los últimos intervalos se acortaron: {numbers} días."
    ),
    "Urinary symptoms on {days} of the last {of} days, last on {last}.": (
        "Síntomas urinarios en {days} de los últimos {of} días, el último el {last}."
    ),
    "Before the last infusion the blood pressure was above the clinic's number: {pressures}.": (
        "Antes de la última infusión la presión arterial superaba el límite de la clínica: {pressures}."
    ),
    "systolic {value} mmHg, where {limit} is set": "sistólica {value} mmHg, con un límite de {limit}",
    "diastolic {value} mmHg, where {limit} is set": "diastólica {value} mmHg, con un límite de {limit}",
    "The patient is discharged.": "El paciente tiene el alta.",
    "Severe in the last session, on {day}: {effects}.": ("Graves en la última sesión, el {day}: {effects}."),
    "Allergies: {names}.": "Alergias: {names}.",
    "Current medication: {names}.": "Medicación actual: {names}.",
    (
        "The dose was not compared with the clinic's limit of {limit:g} mg/kg, since the weight is"
        " missing: send weight_kg."
    ): (
        "La dosis no se comparó con el límite de la clínica, {limit:g} mg/kg, porque falta el peso: envíe"
        " weight_kg."
    ),
    # Suitability checklist.
    "Aneurysmal vascular disease or arteriovenous malformation": (
        "Enfermedad vascular aneurismática o malformación arteriovenosa"
    ),
    "Intracerebral haemorrhage, ever": "Hemorragia intracerebral, alguna vez",
    "Hypersensitivity to ketamine or esketamine": "Hipersensibilidad a la ketamina o a la esketamina",
    "High blood pressure that is not controlled": "Hipertensión arterial no controlada",
    "Arrhythmia": "Arritmia",
    "Unstable cardiovascular or cerebrovascular disease": (
        "Enfermedad cardiovascular o cerebrovascular inestable"
    ),
    "Psychosis or mania, now or ever": "Psicosis o manía, ahora o alguna vez",
    "Substance use, ketamine, PCP and opioids included": (
        "Consumo de sustancias, incluidos ketamina, PCP y opioides"
    ),
    "Pregnancy, or breast-feeding": "Embarazo o lactancia",
    "Impaired liver function": "Función hepática alterada",
    "Benzodiazepines; more than 3 mg of lorazepam a day excluded from one trial": (
        "Benzodiacepinas; más de 3 mg de lorazepam al día fue motivo de exclusión en un ensayo"
    ),
    "A monoamine oxidase inhibitor or a stimulant": ("Un inhibidor de la monoaminooxidasa o un estimulante"),
    "Doubt about the capacity to consent": "Dudas sobre la capacidad para consentir",
    "Risk of sleep apnoea by STOP-BANG": "Riesgo de apnea del sueño según STOP-BANG",
    "An electrocardiogram that is not normal, or none taken": (
        "Un electrocardiograma que no es normal, o ninguno realizado"
    ),
    "Kidney tests that are not normal, or none taken": (
        "Pruebas renales que no son normales, o ninguna realizada"
    ),
    "Liver tests that are not normal, or none taken": (
        "Pruebas hepáticas que no son normales, o ninguna realizada"
    ),
    "Raised intracranial or intraocular pressure": "Presión intracraneal o intraocular elevada",
    "Overactive thyroid": "Hipertiroidismo",
    "Porphyria": "Porfiria",
    # Measures.
    "wellbeing": "el bienestar",
    "rumination": "la rumiación",
    "craving": "el deseo de consumir",
    "intrusive thoughts": "los pensamientos intrusivos",
    "urges around eating": "los impulsos con la comida",
    "wellbeing was": "el bienestar fue",
    "rumination was": "la rumiación fue",
    "craving was": "el deseo de consumir fue",
    "intrusive thoughts were": "los pensamientos intrusivos fueron",
    "urges around eating were": "los impulsos con la comida fueron",
    "wellbeing was answered": "se respondió sobre el bienestar",
    "rumination was answered": "se respondió sobre la rumiación",
    "craving was answered": "se respondió sobre el deseo de consumir",
    "intrusive thoughts were answered": "se respondió sobre los pensamientos intrusivos",
    "urges around eating were answered": "se respondió sobre los impulsos con la comida",
    "Mood": "Ánimo",
    # Reasons of an outlook: benefit and levels.
    "No measurable benefit since treatment began on {day}: {measures}.": (
        "Sin beneficio medible desde que comenzó el tratamiento, el {day}: {measures}."
    ),
    "No measurable benefit since {day}: {measures}.": "Sin beneficio medible desde el {day}: {measures}.",
    "Worse than before treatment, since treatment began on {day}: {measures}.": (
        "Peor que antes del tratamiento, desde que comenzó el {day}: {measures}."
    ),
    "Worse than before treatment, since {day}: {measures}.": (
        "Peor que antes del tratamiento, desde el {day}: {measures}."
    ),
    "{name} {now}{day}, was {before}": "{name} de {now}{day}, antes de {before}",
    "{day}, before the last infusion": "{day}, antes de la última infusión",
    "{name} ({now}{day}, was {before}) is worse": "{name} ({now}{day}; era de {before}) ha empeorado",
    "{name} ({now}{day}, was {before}) shows no benefit": (
        "{name} ({now}{day}; era de {before}) no muestra beneficio"
    ),
    "by daily {name} {percent:.0f} % of the benefit is left": (
        "según {name} diario queda el {percent:.0f} % del beneficio"
    ),
    "by daily ratings of {name} {percent:.0f} % of the benefit is left": (
        "según las puntuaciones diarias sobre {name} queda el {percent:.0f} % del beneficio"
    ),
    "{name} went from {before} to {now}": "{name} pasó de {before} a {now}",
    " in the days after the last infusions": " en los días posteriores a las últimas infusiones",
    "Measures disagree: {none}, while {some}.": "Las medidas no coinciden: {none}, mientras que {some}.",
    "Better ratings after an infusion, or a better total of these questionnaires.": (
        "Mejores puntuaciones tras una infusión, o un mejor total de estos cuestionarios."
    ),
    "Another total, or further check-ins.": "Otro total, o más registros.",
    "{answers} from here.": "{answers} a partir de ahora.",
    "Lower ratings": "Puntuaciones más bajas",
    "Higher ratings": "Puntuaciones más altas",
    "Higher check-ins": "Registros más altos",
    "Lower check-ins": "Registros más bajos",
    "Higher or lower check-ins": "Registros más altos o más bajos",
    "over": "por encima de",
    "under": "por debajo de",
    "on": "en",
    "the last day": "el último día",
    "the last {number} days": "los últimos {number} días",
    "{measure} {mean:.1f} on average over {days}, {answered} answered": (
        "{measure}: {mean:.1f} de promedio en {days}, {answered} con respuesta"
    ),
    "{level}; this is day {day}.": "{level}; hoy es el día {day}.",
    "{level}, against {mean:.1f} in the week after the last infusion; this is day {day}.": (
        "{level}, frente a {mean:.1f} en la semana posterior a la última infusión; hoy es el día {day}."
    ),
    "By {measure}, the target measure of this course (0 to 10, 10 is worst), not by mood.": (
        "Según {measure}, la medida objetivo de este tratamiento (0 a 10; 10 es lo peor), no según el ánimo."
    ),
    "By {measure}, the target measure of this course (0 to 10, 10 is best), not by mood.": (
        "Según {measure}, la medida objetivo de este tratamiento (0 a 10; 10 es lo mejor), no según el ánimo."
    ),
    "The prior comes from depression studies.": (
        "La distribución previa procede de estudios sobre la depresión."
    ),
    "The prior was fitted to this clinic's patients by wellbeing.": (
        "La distribución previa se ajustó a los pacientes de esta clínica según el bienestar."
    ),
    "Another target measure of the patient's course.": ("Otra medida objetivo del tratamiento del paciente."),
    (
        "{measure_was} {now:.1f} lately ({days} answered), {side} the half-benefit line at {line:.1f}; it"
        " is about {without:.1f} without the benefit and {whole:.1f} with all of it."
    ): (
        "{measure_was} últimamente de {now:.1f} ({days} con respuesta), {side} la línea de medio"
        " beneficio, {line:.1f}; sin el beneficio es de unos {without:.1f} y con todo él de {whole:.1f}."
    ),
    (
        "{measure_was} {now:.1f} lately ({days} answered), {side} the half-benefit line at {line:.1f};"
        " they are about {without:.1f} without the benefit and {whole:.1f} with all of it."
    ): (
        "{measure_was} últimamente de {now:.1f} ({days} con respuesta), {side} la línea de medio"
        " beneficio, {line:.1f}; sin el beneficio son de unos {without:.1f} y con todo él de {whole:.1f}."
    ),
    "A week of check-ins {side} the line.": "Una semana de registros {side} la línea.",
    (
        "The last infusion has brought little: {measure_was} {level:.1f} on the {number} days answered of"
        " the first {of}, {side} the half-benefit line of the cycles before it ({line:.1f}). The dates"
        " here are those of what benefit there is."
    ): (
        "La última infusión ha aportado poco: {measure_was} de {level:.1f} en los {number} días con"
        " respuesta de los primeros {of}, {side} la línea de medio beneficio de los ciclos anteriores"
        " ({line:.1f}). Las fechas que aquí se dan son las del beneficio que hay."
    ),
    (
        "Anxiety is up to {now:.1f} over {days}, {answered} answered, from {then:.1f} in the week after"
        " the last infusion."
    ): (
        "La ansiedad ha subido a {now:.1f} en {days}, {answered} con respuesta, desde {then:.1f} en la"
        " semana posterior a la última infusión."
    ),
    (
        "Anxiety is down to {now:.1f} over {days}, {answered} answered, from {then:.1f} in the week after"
        " the last infusion."
    ): (
        "La ansiedad ha bajado a {now:.1f} en {days}, {answered} con respuesta, desde {then:.1f} en la"
        " semana posterior a la última infusión."
    ),
    "A week of anxiety ratings back where they were.": (
        "Una semana de puntuaciones de ansiedad como las de antes."
    ),
    "{days} far above the curve ({runs}), counted less, as for a short rise.": (
        "{days} muy por encima de la curva ({runs}); cuentan menos, como en una subida corta."
    ),
    "{days} far below the curve ({runs}), counted less, as for a short dip.": (
        "{days} muy por debajo de la curva ({runs}); cuentan menos, como en un bache corto."
    ),
    (
        "{days} far above the curve ({runs}): too long for a short rise, though each day counts less than"
        " one near the curve."
    ): (
        "{days} muy por encima de la curva ({runs}): demasiado para una subida corta, aunque cada día"
        " cuenta menos que uno próximo a la curva."
    ),
    (
        "{days} far below the curve ({runs}): too long for a short dip, though each day counts less than"
        " one near the curve."
    ): (
        "{days} muy por debajo de la curva ({runs}): demasiado para un bache corto, aunque cada día"
        " cuenta menos que uno próximo a la curva."
    ),
    "More such days, which would then count.": "Más días así, que entonces contarían.",
    # Reasons of an outlook: no forecast, and limits of the data.
    "{number} of the last 14 days were answered.": "Días con respuesta de los últimos 14: {number}.",
    "{number} of the last 14 days was answered.": "Día con respuesta de los últimos 14: {number}.",
    "{measure_was_answered} on {number} of the last 14 days.": (
        "{measure_was_answered} en {number} de los últimos 14 días."
    ),
    "More days answered; a missed day can be filled in afterwards.": (
        "Más días con respuesta; un día perdido puede completarse después."
    ),
    "No check-in for {days}, since {day}; silence can itself mean getting worse.": (
        "Sin registro desde hace {days}, desde el {day}; el silencio mismo puede indicar un empeoramiento."
    ),
    "No check-in for {days}, since {day}; this patient usually answers every {number} days.": (
        "Sin registro desde hace {days}, desde el {day}; este paciente suele responder cada {number} días."
    ),
    "A new check-in.": "Un nuevo registro.",
    "A first check-in.": "Un primer registro.",
    " with {measure}": " con respuesta sobre {measure}",
    "{check_ins}{about} since the last infusion: the forecast rests on what was known before it.": (
        "{check_ins}{about} desde la última infusión: el pronóstico se apoya en lo que se sabía antes de"
        " ella."
    ),
    "{number} check-ins from the second day after the infusion on.": (
        "{number} registros a partir del segundo día tras la infusión."
    ),
    "No day has been answered yet.": "Aún no hay ningún día con respuesta.",
    "{measure} were last answered on {day}, {days} ago; other questions were since.": (
        "La última respuesta sobre {measure} es del {day}, hace {days}; a otras preguntas se respondió"
        " después."
    ),
    "{measure} was last answered on {day}, {days} ago; other questions were since.": (
        "La última respuesta sobre {measure} es del {day}, hace {days}; a otras preguntas se respondió"
        " después."
    ),
    "{measure} were never answered; other questions were.": (
        "Nunca se respondió sobre {measure}; a otras preguntas, sí."
    ),
    "{measure} was never answered; other questions were.": (
        "Nunca se respondió sobre {measure}; a otras preguntas, sí."
    ),
    (
        "{check_ins} from the {days} days before the first infusion; without {needed} there is no level"
        " to measure a benefit against."
    ): (
        "{check_ins} de los {days} días anteriores a la primera infusión; sin {needed} no hay un nivel"
        " con el que comparar un beneficio."
    ),
    (
        "{measure_was_answered} on {days} of the {of} before the first infusion; without {needed} there"
        " is no level to measure a benefit against."
    ): (
        "{measure_was_answered} en {days} de los {of} anteriores a la primera infusión; sin {needed} no"
        " hay un nivel con el que comparar un beneficio."
    ),
    "Treatment began in another clinic, so no check-ins show the level before it.": (
        "El tratamiento comenzó en otra clínica, así que ningún registro muestra el nivel anterior."
    ),
    "Treatment began in another clinic, so no answers show {measure} before it.": (
        "El tratamiento comenzó en otra clínica, así que ninguna respuesta muestra {measure} antes de él."
    ),
    "A baseline that a clinician judged.": "Un nivel de partida valorado por un clínico.",
    (
        "A baseline that a clinician judged: treatment began in another clinic, so no check-ins show the"
        " level before it."
    ): (
        "Un nivel de partida valorado por un clínico: el tratamiento comenzó en otra clínica, así que"
        " ningún registro muestra el nivel anterior."
    ),
    "Check-ins entered for days before the first infusion, or a baseline that a clinician judged.": (
        "Registros de días anteriores a la primera infusión, o un nivel de partida valorado por un clínico."
    ),
    "Answers for days before the first infusion, or the target baseline of the course.": (
        "Respuestas de días anteriores a la primera infusión, o el nivel de partida de la medida objetivo"
        " del tratamiento."
    ),
    "The check-ins show no benefit large enough to say when half of it is gone.": (
        "Los registros no muestran un beneficio suficiente para decir cuándo se ha perdido la mitad."
    ),
    "The answers about {measure} show no benefit large enough to say when half of it is gone.": (
        "Las respuestas sobre {measure} no muestran un beneficio suficiente para decir cuándo se ha"
        " perdido la mitad."
    ),
    "Check-ins after an infusion clearly above those before the first one.": (
        "Registros tras una infusión claramente por encima de los anteriores a la primera."
    ),
    "Answers about {measure} after an infusion clearly better than those before the first one.": (
        "Respuestas sobre {measure} tras una infusión claramente mejores que las anteriores a la primera."
    ),
    "An answer about {measure}, or another target measure of the course.": (
        "Una respuesta sobre {measure}, u otra medida objetivo del tratamiento."
    ),
    "No maintenance cycle has begun: it begins with the last induction infusion.": (
        "No ha comenzado ningún ciclo de mantenimiento: comienza con la última infusión de la inducción."
    ),
    "{needed} check-ins{which} from the {days} days before the first infusion; there is {there}.": (
        "{needed} registros{which} de los {days} días anteriores a la primera infusión; hay {there}."
    ),
    "{needed} check-ins{which} from the {days} days before the first infusion; there are {there}.": (
        "{needed} registros{which} de los {days} días anteriores a la primera infusión; hay {there}."
    ),
    "A check-in within the last {limit} days; the last is {days} days old.": (
        "Un registro en los últimos {limit} días; el último es de hace {days} días."
    ),
    "A check-in{which} within the last {limit} days.": "Un registro{which} en los últimos {limit} días.",
    (
        "A benefit of more than {gain:.0f} point on the 0-10 scale with a chance of at least {chance:.0f}"
        " in 100."
    ): (
        "Un beneficio de más de {gain:.0f} punto en la escala de 0 a 10 con una probabilidad de al menos"
        " {chance:.0f} de cada 100."
    ),
    "No infusion has been given yet.": "Aún no se ha administrado ninguna infusión.",
    "No infusion of this course has been given yet.": (
        "Aún no se ha administrado ninguna infusión de este tratamiento."
    ),
    "The first infusion.": "La primera infusión.",
    "Induction: {given} of {infusions} given.": "Inducción: {given} de {infusions}.",
    "The last induction infusion.": "La última infusión de la inducción.",
    "No infusion here yet, and the day of the last one in the other clinic is not known.": (
        "Aún no hay ninguna infusión aquí, y se desconoce el día de la última en la otra clínica."
    ),
    "The day of that infusion in the patient's course, or an infusion here.": (
        "El día de esa infusión en el tratamiento del paciente, o una infusión aquí."
    ),
    "The patient's plan is paused.": "El plan del paciente está en pausa.",
    "The end of the pause.": "El fin de la pausa.",
    "The course is completed.": "El ciclo de tratamiento se ha completado.",
    "A new end date in the patient's plan.": "Una nueva fecha de fin en el plan del paciente.",
    "This clinic runs the forecast silently: it is made and scored, and shown to nobody yet.": (
        "Esta clínica ejecuta el pronóstico en silencio: se calcula y se evalúa, y aún no se muestra a nadie."
    ),
    "This clinic has switched the forecast off.": "Esta clínica ha desactivado el pronóstico.",
    "An admin shows forecasts in the clinic's settings.": (
        "Un administrador muestra los pronósticos en los ajustes de la clínica."
    ),
    # Reasons of an outlook: reports and timing.
    "On {date}, day {day}, the patient put what is left of the benefit at {percent:.0f} %.": (
        "El {date}, día {day}, el paciente estimó que queda el {percent:.0f} % del beneficio."
    ),
    "The next weekly answer.": "La próxima respuesta semanal.",
    "PHQ-9 was {now} on {day}, against {before} before the first infusion.": (
        "El PHQ-9 fue de {now} el {day}, frente a {before} antes de la primera infusión."
    ),
    "Another PHQ-9.": "Otro PHQ-9.",
    "The level before treatment rests on a clinician's judgement of {day} (mood {mood}){check_ins}.": (
        "El nivel anterior al tratamiento se apoya en la valoración de un clínico del {day} (ánimo"
        " {mood}){check_ins}."
    ),
    " and {check_ins} of that time": " y en {check_ins} de ese tiempo",
    "Another judgement, or check-ins entered for days before the first infusion.": (
        "Otra valoración, o registros de días anteriores a la primera infusión."
    ),
    "Not due": "Aún no corresponde",
    "Due soon": "Corresponde pronto",
    "Due": "Corresponde ya",
    "Overdue": "Con retraso",
    "not due": "aún no corresponde",
    "approaching": "corresponde pronto",
    "due": "corresponde ya",
    "overdue": "con retraso",
    "insufficient data": "datos insuficientes",
    "{status}, by the plan's dates alone.": "{status}, solo según las fechas del plan.",
    (
        "{status}: the recommended day {when}. It is the day by which half of the benefit is lost with a"
        " chance of one in four{moved}."
    ): (
        "{status}: el día recomendado {when}. Es el día en que la mitad del beneficio se habrá perdido"
        " con una probabilidad de uno de cada cuatro{moved}."
    ),
    "is today, {day}": "es hoy, {day}",
    "is {day}, in {days}": "es el {day}, dentro de {days}",
    "was {day}, {days} ago": "fue el {day}, hace {days}",
    ", moved into the plan's window": ", trasladado al intervalo del plan",
    "The next infusion, or another interval in the patient's plan.": (
        "La próxima infusión, u otro intervalo en el plan del paciente."
    ),
    "The last {number} intervals were {span} days.": (
        "Los últimos {number} intervalos fueron de {span} días."
    ),
    "The last {number} intervals were {days} each.": (
        "Los últimos {number} intervalos fueron de {days} cada uno."
    ),
    "The last interval was {days}.": "El último intervalo fue de {days}.",
    "The next infusion's date.": "La fecha de la próxima infusión.",
    "{cycles} of this course and {number} of earlier ones, which count less": (
        "{cycles} de este tratamiento y {number} de otros anteriores, que cuentan menos"
    ),
    (
        "From {cycles}, half of this patient's benefit is gone about {median:.0f} days after an infusion"
        " (8 in 10 cycles: {low:.0f} to {high:.0f})."
    ): (
        "Según {cycles}, la mitad del beneficio de este paciente se pierde unos {median:.0f} días después"
        " de una infusión (8 de cada 10 ciclos: {low:.0f} a {high:.0f})."
    ),
    "Each further cycle with check-ins.": "Cada nuevo ciclo con registros.",
    "published studies": "estudios publicados",
    "this clinic's own patients": "los pacientes de esta clínica",
    "{source}, of wellbeing and not of {measure},": "{source}, sobre el bienestar y no sobre {measure},",
    (
        "No finished cycle with check-ins yet: an average of {days:.0f} days from {source} is the"
        " starting point, with a wide margin."
    ): (
        "Aún no hay ningún ciclo terminado con registros: el punto de partida es un promedio de"
        " {days:.0f} días según {source} con un margen amplio."
    ),
    "A finished cycle with check-ins.": "Un ciclo terminado con registros.",
    (
        "The chance that half of the benefit is gone is {today} today, {week} in a week and {two_weeks}"
        " in two."
    ): (
        "La probabilidad de que se haya perdido la mitad del beneficio es de {today} hoy, de {week}"
        " dentro de una semana y de {two_weeks} dentro de dos."
    ),
    ("The chance that half of the benefit is gone is {today} today, and stays so over the next two weeks."): (
        "La probabilidad de que se haya perdido la mitad del beneficio es de {today} hoy, y se mantiene"
        " así las próximas dos semanas."
    ),
    "Check-ins over the coming days.": "Registros en los próximos días.",
    (
        "This time the benefit probably wears off sooner than is usual for this patient: half of it by"
        " about day {day}."
    ): (
        "Esta vez el beneficio probablemente se pierde antes de lo habitual en este paciente: la mitad"
        " hacia el día {day}."
    ),
    (
        "This time the benefit probably wears off later than is usual for this patient: half of it by"
        " about day {day}."
    ): (
        "Esta vez el beneficio probablemente se pierde más tarde de lo habitual en este paciente: la"
        " mitad hacia el día {day}."
    ),
    (
        "On today's check-ins alone the status would be {other}; it stays {status}, as it was, until the"
        " difference is clear."
    ): (
        "Solo con los registros de hoy el estado sería «{other}»; sigue siendo «{status}», como antes,"
        " hasta que la diferencia sea clara."
    ),
    "More check-ins like today's.": "Más registros como los de hoy.",
    (
        "Half of the benefit has probably gone by day {day}, before the plan's earliest day {earliest};"
        " the date shown stays inside the plan."
    ): (
        "Probablemente se ha perdido la mitad del beneficio el día {day}, antes del primer día del plan,"
        " el {earliest}; la fecha mostrada se mantiene dentro del plan."
    ),
    "{answers}, or another interval in the patient's plan.": (
        "{answers}, u otro intervalo en el plan del paciente."
    ),
    "The forecast alone would plan for day {wanted:.0f}; the plan's window makes it day {planned}.": (
        "El pronóstico por sí solo indicaría el día {wanted:.0f}; el intervalo del plan lo deja en el día"
        " {planned}."
    ),
    "Another interval in the patient's plan.": "Otro intervalo en el plan del paciente.",
    "The plan's latest day, {day}, is today.": "El último día del plan, el {day}, es hoy.",
    "The plan's latest day, {day}, was {days} ago.": "El último día del plan, el {day}, fue hace {days}.",
    (
        "The last infusion, on {day}, was given because symptoms had returned; the forecast takes half of"
        " the benefit before it as probably gone about a week before."
    ): (
        "La última infusión, el {day}, se administró porque habían vuelto los síntomas; el pronóstico"
        " supone que la mitad del beneficio anterior se había perdido probablemente una semana antes."
    ),
    (
        "The last infusion, on {day}, was given because symptoms had returned, and was asked for on {asked};"
        " the forecast takes half of the benefit before it as probably gone shortly before that."
    ): (
        "La última infusión, el {day}, se administró porque habían vuelto los síntomas y se pidió el {asked};"
        " el pronóstico supone que la mitad del beneficio anterior se había perdido probablemente poco antes."
    ),
    "The patient's earlier cycles count less for this one, since {what}.": (
        "Los ciclos anteriores del paciente cuentan menos para este, ya que {what}."
    ),
    "the dose changed from {before:g} to {now:g} mg": "la dosis cambió de {before:g} a {now:g} mg",
    "medication changed on {day}": "la medicación cambió el {day}",
    "there was no infusion for {days}": "no hubo ninguna infusión durante {days}",
    "The next infusion, if nothing changes again.": "La próxima infusión, si nada vuelve a cambiar.",
    "The infusion after the next, if nothing changes again.": (
        "La infusión siguiente a la próxima, si nada vuelve a cambiar."
    ),
    (
        "The last infusion, on {day}, was given while symptoms had not returned; the forecast takes half of"
        " the benefit before it as probably not yet gone by then."
    ): (
        "La última infusión, el {day}, se administró cuando los síntomas no habían vuelto; el pronóstico"
        " supone que para entonces probablemente aún no se había perdido la mitad del beneficio anterior."
    ),
    ("Of the infusion on {day} the patient recalls that half of its benefit was gone after about {days}."): (
        "De la infusión del {day} el paciente recuerda que la mitad del beneficio se había perdido a los"
        " {days}, más o menos."
    ),
    "Of the infusion on {day} the patient recalls that half of its benefit had not gone.": (
        "De la infusión del {day} el paciente recuerda que la mitad del beneficio no se había perdido."
    ),
    (
        "No cycle has shown yet when half of the benefit is lost: read the forecast as at least {days}, and"
        " an interval longer than {latest} as a trial."
    ): (
        "Ningún ciclo ha mostrado todavía cuándo se pierde la mitad del beneficio: lea el pronóstico como al"
        " menos {days}, y un intervalo de más de {latest} como un ensayo."
    ),
    "A cycle in which the benefit wears off before the next infusion.": (
        "Un ciclo en el que el beneficio se pierda antes de la próxima infusión."
    ),
    "The answer at the next infusion.": "La respuesta en la próxima infusión.",
    "Another reason recorded for that infusion.": "Otro motivo registrado para esa infusión.",
    # What an outlook is not.
    "Decision support for a clinician: it advises nothing, books nothing and orders nothing.": (
        "Apoyo a la decisión de un clínico: no aconseja, no reserva ni ordena nada."
    ),
    "Measured on simulated patients only, never yet on the daily ratings of ketamine patients.": (
        "Medido solo en pacientes simulados, nunca todavía en las puntuaciones diarias de pacientes"
        " tratados con ketamina."
    ),
    "Losing half of the self-rated benefit is not the same as a clinical relapse.": (
        "Perder la mitad del beneficio autoevaluado no equivale a una recaída clínica."
    ),
    "An 80 % range is wrong for two cycles in ten, and usually several weeks wide.": (
        "Un intervalo del 80 % falla en dos de cada diez ciclos, y suele abarcar varias semanas."
    ),
    "Not for emergencies: safety answers are handled apart from it and never wait for it.": (
        "No es para urgencias: las respuestas de seguridad se tratan aparte y nunca esperan por él."
    ),
    "It times {measure} alone, with assumptions from studies of depression, none of its own.": (
        "Pronostica solo {measure}, con supuestos tomados de estudios sobre la depresión, ninguno propio."
    ),
    # Reports: how to read them, and published figures.
    (
        "Insufficient data: {cycles} of {finished} can be compared with what happened, and figures begin"
        " at {least}."
    ): (
        "Datos insuficientes: {cycles} de {finished} pueden compararse con lo ocurrido, y las cifras"
        " empiezan a partir de {least}."
    ),
    "{number} finished cycles of {patients} were compared, day by day, with what happened.": (
        "Se compararon día a día {number} ciclos terminados de {patients} con lo ocurrido."
    ),
    (
        "The reference is retrospective: the day from which all answers of a cycle, taken together, put"
        " the level below the half-benefit line. It was not measured independently. Cycles that ended"
        " before that day are counted as censored, and take no part in errors, coverage or sensitivity."
        " It is mostly observed where benefit was lost early, so that errors favour a rule that always"
        " predicts early: read them with the false alarms, to which every cycle counts."
    ): (
        "La referencia es retrospectiva: el día desde el que todas las respuestas de un ciclo, en"
        " conjunto, sitúan el nivel por debajo de la línea de medio beneficio. No se midió de forma"
        " independiente. Los ciclos que terminaron antes de ese día se cuentan como censurados y no"
        " entran en los errores, la cobertura ni la sensibilidad. Se observa sobre todo cuando el"
        " beneficio se perdió pronto, de modo que los errores favorecen a una regla que siempre predice"
        " pronto: léalos junto con las falsas alarmas, en las que cuentan todos los ciclos."
    ),
    (
        "{number} of the {of} finished cycles is by an optional rating in place of wellbeing, the target"
        " measure of their courses, and counted with the others."
    ): (
        "{number} de los {of} ciclos terminados se basa en una puntuación opcional en lugar del"
        " bienestar, la medida objetivo de su tratamiento, y se cuenta con los demás."
    ),
    (
        "{number} of the {of} finished cycles are by an optional rating in place of wellbeing, the target"
        " measure of their courses, and counted with the others."
    ): (
        "{number} de los {of} ciclos terminados se basan en una puntuación opcional en lugar del"
        " bienestar, la medida objetivo de sus tratamientos, y se cuentan con los demás."
    ),
    (
        "The prior in use was estimated from these same patients, which flatters it; flask outlook"
        " fit-prior reports its cross-validation on patients it had not seen."
    ): (
        "La distribución previa en uso se estimó con estos mismos pacientes, lo que la favorece; flask"
        " outlook fit-prior informa de su validación cruzada con pacientes que no había visto."
    ),
    (
        "Counted from the records of patients who continued to answer: those who left or stopped"
        " answering may have fared differently. There is no control group. The published figures are from"
        " other patients and other methods, and are no target. Of each patient one course counts, the"
        " first that the filters select."
    ): (
        "Se cuenta a partir de los registros de pacientes que siguieron respondiendo: a quienes se fueron"
        " o dejaron de responder puede haberles ido de otro modo. No hay grupo de control. Las cifras"
        " publicadas son de otros pacientes y otros métodos, y no son un objetivo. De cada paciente"
        " cuenta un solo tratamiento, el primero que seleccionan los filtros."
    ),
    (
        "For the clinic's own staff: small groups are shown, and single patients may be recognised. Ask"
        " for small_groups=suppressed before figures leave the clinic."
    ): (
        "Para el personal de la propia clínica: se muestran grupos pequeños y podría reconocerse a algún"
        " paciente. Pida small_groups=suppressed antes de que las cifras salgan de la clínica."
    ),
    (
        "Groups of fewer than five are not shown, nor figures from which they could be computed by"
        " subtraction; the steps of a curve show how many of its group lost response."
    ): (
        "No se muestran grupos de menos de cinco, ni cifras de las que pudieran calcularse por"
        " sustracción; los escalones de una curva muestran cuántos de su grupo perdieron la respuesta."
    ),
    "537 patients of 178 practices, 4 to 8 infusions in 7 to 28 days, by PHQ-9.": (
        "537 pacientes de 178 consultas, de 4 a 8 infusiones en 7 a 28 días, según el PHQ-9."
    ),
    "What counts as worse may differ from here.": (
        "Lo que se considera empeoramiento puede diferir de aquí."
    ),
    "Median until relapse after the last infusion, without maintenance.": (
        "Mediana hasta la recaída tras la última infusión, sin mantenimiento."
    ),
    (
        "Inpatients, two infusions 24 hours apart, full relief on day 3; 31.6 % with placebo. In bipolar"
        " disorder; in depressive disorder no difference was shown (odds ratio 1.3, 0.3 to 5.2)."
    ): (
        "Pacientes hospitalizados, dos infusiones con 24 horas de diferencia, alivio completo el día 3;"
        " 31.6 % con placebo. En el trastorno bipolar; en el trastorno depresivo no se demostró"
        " diferencia (razón de probabilidades 1.3, 0.3 a 5.2)."
    ),
    "Thoughts of suicide lessened by the end of the infusions; in 6.0 % they grew.": (
        "Los pensamientos de suicidio disminuyeron al final de las infusiones; en el 6.0 % aumentaron."
    ),
    (
        "Dissociation, floating, distorted vision, numbness and difficult speech each in half or more, at"
        " most an hour after the infusion and gone within four."
    ): (
        "Disociación, sensación de flotar, visión distorsionada, entumecimiento y dificultad para hablar,"
        " cada uno en la mitad o más, como máximo una hora después de la infusión y desaparecidos en"
        " cuatro."
    ),
    "Mean of 477 articles on ratings asked for in daily life.": (
        "Media de 477 artículos sobre puntuaciones pedidas en la vida diaria."
    ),
    "Asked once a day; falling by two points a week over nine weeks.": (
        "Preguntado una vez al día; bajó dos puntos por semana durante nueve semanas."
    ),
    "30 patients with PTSD. Median until the response was lost.": (
        "30 pacientes con TEPT. Mediana hasta la pérdida de la respuesta."
    ),
    "Those of 186 inpatients who remitted. Median in remission.": (
        "Los que remitieron de 186 pacientes hospitalizados. Mediana en remisión."
    ),
    "24 patients, up to 6 infusions in 12 days, in a trial.": (
        "24 pacientes, hasta 6 infusiones en 12 días, en un ensayo."
    ),
    "24 patients with depression.": "24 pacientes con depresión.",
    "Trial of 403, ketamine arm, 6 infusions in 3 weeks.": (
        "Ensayo de 403, grupo de ketamina, 6 infusiones en 3 semanas."
    ),
    "85 patients of one hospital, 6 infusions in 3 weeks.": (
        "85 pacientes de un hospital, 6 infusiones en 3 semanas."
    ),
    "Responders who still responded 4 weeks on, without maintenance.": (
        "Respondedores que aún respondían 4 semanas después, sin mantenimiento."
    ),
    "The same 8 weeks on.": "Los mismos, 8 semanas después.",
    "Median after the last infusion, without maintenance.": (
        "Mediana tras la última infusión, sin mantenimiento."
    ),
    "{number} psychotherapy session": "{number} sesión de psicoterapia",
    "{number} psychotherapy sessions": "{number} sesiones de psicoterapia",
    "{number} medication change": "{number} cambio de medicación",
    "{number} medication changes": "{number} cambios de medicación",
    "{number} life event": "{number} acontecimiento vital",
    "{number} life events": "{number} acontecimientos vitales",
    "{number} note": "{number} nota",
    "{number} notes": "{number} notas",
    "{number} cycle": "{number} ciclo",
    "{number} cycles": "{number} ciclos",
    (
        "Two weeks after an infusion, in {cycles} with the loss observed, the outlook missed the day on"
        " which half of the benefit was lost by {outlook:.1f} days on average, a calendar of 21 days by"
        " {short:.1f} and one of 28 days by {long:.1f}: lower is better."
    ): (
        "Dos semanas después de una infusión, en {cycles} en que se observó la pérdida, la previsión erró"
        " el día en que se perdió la mitad del beneficio por {outlook:.1f} días de promedio, un"
        " calendario de 21 días por {short:.1f} y uno de 28 días por {long:.1f}: menos es mejor."
    ),
    (
        "Its 80 % range held that day in {percent:.0f} % of them: near 80 is right, more is too wide a"
        " range, less too narrow."
    ): (
        "Su intervalo del 80 % contuvo ese día en el {percent:.0f} % de ellos: lo correcto es cerca de"
        " 80; más indica un intervalo demasiado ancho, menos uno demasiado estrecho."
    ),
    (
        "Of {losses} losses that were followed it noticed {noticed}, some of them late, with {alarms:.1f}"
        " false alarms a patient and year."
    ): (
        "De {losses} pérdidas que se siguieron advirtió {noticed}, algunas tarde, con {alarms:.1f} falsas"
        " alarmas por paciente y año."
    ),
    "Its days and chances are recalibrated by how this clinic's own cycles ended ({name}).": (
        "Sus días y probabilidades están recalibrados según cómo terminaron los ciclos de esta clínica"
        " ({name})."
    ),
    "Its days and chances are not recalibrated: {name} is of forecasts by wellbeing.": (
        "Sus días y probabilidades no están recalibrados: {name} es de pronósticos según el bienestar."
    ),
    (
        "Its days and chances are not recalibrated: {name} was fitted to forecasts of another version of "
        "the engine or of another prior."
    ): (
        "Sus días y probabilidades no están recalibrados: {name} se ajustó a pronósticos de otra versión del"
        " motor o de otra distribución previa."
    ),
    ("A recalibration by this record needs {patients} patients, {cycles} cycles and {losses} losses seen."): (
        "Una recalibración con estos registros necesita {patients} pacientes, {cycles} ciclos y {losses}"
        " pérdidas observadas."
    ),
    (
        "Recalibrated by the record of other patients, the probabilities and ranges would have been better:"
        " flask outlook fit-recalibration proposes one, for an admin to apply."
    ): (
        "Recalibradas con los registros de otros pacientes, las probabilidades y los intervalos habrían sido"
        " mejores: flask outlook fit-recalibration propone una, para que un administrador la aplique."
    ),
    "Recalibrated by the record of other patients, they would not have been clearly better or worse.": (
        "Recalibrados con los registros de otros pacientes, no habrían sido claramente mejores ni peores."
    ),
    "Recalibrated by the record of other patients, they would have been worse.": (
        "Recalibrados con los registros de otros pacientes, habrían sido peores."
    ),
    (
        "It detected them in time to book, {soonest} to {furthest} days before, in {percent:.0f} % of"
        " {cycles}."
    ): (
        "Las detectó a tiempo para dar cita, de {soonest} a {furthest} días antes, en el {percent:.0f} %"
        " de {cycles}."
    ),
    "{measure_was} {now} in the days after the last infusions and {before} before treatment": (
        "{measure_was} de {now} en los días posteriores a las últimas infusiones y de {before} antes del"
        " tratamiento"
    ),
    "A new course is proposed: an infusion was given after the end of this one.": (
        "Se propone un nuevo ciclo de tratamiento: se administró una infusión después del fin de este."
    ),
    "{alerts} acknowledged, not closed.": "{alerts} sin cerrar, ya con un clínico a cargo.",
    "{hold} Overridden: {reason}": "{hold} Anulado: {reason}",
    (
        "{given} infusions in {days} days, {elsewhere} of them in another clinic; the clinic's number is"
        " {most}."
    ): (
        "{given} infusiones en {days} días, {elsewhere} de ellas en otra clínica; el límite de la clínica"
        " es {most}."
    ),
}
