"""What a patient reads, in Spanish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clinical.safety import DAILY_QUESTION, NOBODY_WATCHES, NOBODY_WATCHES_ALONE

PATIENTS: Final[Mapping[str, str]] = {
    # Questions of the daily check-in.
    "How was your mood today?": "¿Cómo estuvo su ánimo hoy?",
    "How is your mood now?": "¿Cómo está su ánimo ahora?",
    "worst": "lo peor",
    "best": "lo mejor",
    "How much did you enjoy things today?": "¿Cuánto disfrutó de las cosas hoy?",
    "most": "muchísimo",
    "How anxious were you today?": "¿Cuánta ansiedad sintió hoy?",
    "not at all": "nada",
    "How much of what the last infusion gave you is still there?": (
        "¿Cuánto de lo que le dio la última infusión sigue presente?"
    ),
    "nothing": "nada",
    "all of it": "todo",
    "After your last infusion, about how many days until half of the benefit was gone?": (
        "Después de su última infusión, ¿aproximadamente cuántos días pasaron hasta que se perdió la mitad"
        " del beneficio?"
    ),
    "about this many days": "aproximadamente estos días",
    "it had not gone": "no se había perdido",
    "I can't say": "no sé decirlo",
    # Optional daily ratings.
    "Rumination": "Rumiación",
    "How much did your thoughts go round in circles today?": (
        "¿Cuánto dio vueltas hoy a los mismos pensamientos?"
    ),
    "all day": "todo el día",
    "Craving": "Deseo de consumir",
    "How strong was your craving today, at its strongest?": (
        "¿Qué tan fuerte fue hoy su deseo de consumir, en su momento más intenso?"
    ),
    "no craving": "ningún deseo",
    "as strong as it can be": "lo más fuerte posible",
    "Intrusive thoughts": "Pensamientos intrusivos",
    "How much did unwanted thoughts or memories push themselves in today?": (
        "¿Cuánto se le impusieron hoy pensamientos o recuerdos no deseados?"
    ),
    "Urges around eating": "Impulsos con la comida",
    "How strong were urges to binge, purge or go without food today?": (
        "¿Qué tan fuertes fueron hoy los impulsos de darse atracones, purgarse o no comer?"
    ),
    "no urges": "ningún impulso",
    "as strong as they can be": "lo más fuertes posible",
    "Focus": "Concentración",
    "How well could you concentrate today?": "¿Qué tan bien pudo concentrarse hoy?",
    "fully": "por completo",
    "Energy": "Energía",
    "How much energy did you have today?": "¿Cuánta energía tuvo hoy?",
    "none": "ninguna",
    "plenty": "mucha",
    "Sleep": "Sueño",
    "How well did you sleep last night?": "¿Qué tan bien durmió anoche?",
    "very badly": "muy mal",
    "very well": "muy bien",
    # Side effects.
    "Nausea": "Náuseas",
    "Vomiting": "Vómitos",
    "Dizziness": "Mareo",
    "Light-headedness": "Sensación de cabeza ligera",
    "Feeling faint": "Sensación de desmayo",
    "Headache": "Dolor de cabeza",
    "Tiredness": "Cansancio",
    "Drowsiness": "Somnolencia",
    "Palpitations": "Palpitaciones",
    "Fast heartbeat": "Latidos rápidos",
    "Raised blood pressure": "Presión arterial alta",
    "Feeling of warmth": "Sensación de calor",
    "Numbness": "Entumecimiento",
    "Blurred vision": "Visión borrosa",
    "Changed vision": "Cambios en la visión",
    "Feeling detached or unreal": "Sensación de desconexión o irrealidad",
    "Seeing or hearing what is not there": "Ver u oír cosas que no están ahí",
    "Anxiety": "Ansiedad",
    "Pain when passing urine": "Dolor al orinar",
    "Passing urine often": "Orinar con frecuencia",
    "Sudden need to pass urine": "Necesidad repentina de orinar",
    "Blood in the urine": "Sangre en la orina",
    "Getting up at night to pass urine": "Levantarse de noche para orinar",
    "Pain in the bladder": "Dolor en la vejiga",
    "Other urinary trouble": "Otras molestias urinarias",
    # Safety.
    DAILY_QUESTION: (
        "Hoy, ¿le han molestado pensamientos de que sería mejor estar muerto o muerta, o de hacerse daño?"
    ),
    "Not at all": "En ningún momento",
    "Now and then": "De vez en cuando",
    "Much of the day": "Gran parte del día",
    "Nearly all day": "Casi todo el día",
    NOBODY_WATCHES: (
        "Nadie vigila estas respuestas en tiempo real. Si cree que podría actuar según esos pensamientos, o "
        "está en peligro, comuníquese ahora con uno de estos contactos o con el número de emergencias de su "
        "localidad."
    ),
    NOBODY_WATCHES_ALONE: (
        "Nadie vigila estas respuestas en tiempo real. Si cree que podría actuar según esos pensamientos, o "
        "está en peligro, llame ahora al número de emergencias de su localidad o acuda al servicio de "
        "urgencias más cercano."
    ),
    "Nobody has seen this answer yet. Nobody watches these answers in real time.": (
        "Nadie ha visto aún esta respuesta. Nadie vigila estas respuestas en tiempo real."
    ),
    "Somebody at your clinic has seen this answer.": "Alguien de su clínica ha visto esta respuesta.",
    "Your clinic has acted on this answer.": "Su clínica ha actuado respecto a esta respuesta.",
}
