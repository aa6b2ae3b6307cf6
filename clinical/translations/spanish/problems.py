"""Problems and what to do about them, in Spanish; names of members and headers are those of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PROBLEMS: Final[Mapping[str, str]] = {
    # Kinds of problems, by their title.
    "The body is not JSON": "El cuerpo no es JSON",
    "The token request was refused": "La solicitud de token fue rechazada",
    "The request cannot be read": "La solicitud no se puede leer",
    "The cursor belongs to another query": "El cursor pertenece a otra consulta",
    "The access token is missing or invalid": "El token de acceso falta o no es válido",
    "This server sends no e-mail": "Este servidor no envía correos",
    "The code is no longer valid": "El código ya no es válido",
    "A code of the second factor is required": "Se requiere un código del segundo factor",
    "The code of the second factor does not fit": "El código del segundo factor no es correcto",
    "A second factor has to be set up first": "Primero hay que configurar un segundo factor",
    "The account is disabled": "La cuenta está desactivada",
    "The credentials do not match": "Las credenciales no coinciden",
    "Another role is required": "Se requiere otro rol",
    "Another scope is required": "Se requiere otro alcance",
    "Not found": "No encontrado",
    "There is no report yet": "Aún no hay informe",
    "The method is not allowed here": "El método no está permitido aquí",
    "The media type is not available": "El tipo de contenido no está disponible",
    "It conflicts with stored data": "Está en conflicto con los datos guardados",
    "The outlook has changed": "La previsión ha cambiado",
    "No forecast is shown here": "Aquí no se muestra ningún pronóstico",
    "The alert was acknowledged already": "La alerta ya fue atendida",
    "The alert was closed already": "La alerta ya fue cerrada",
    "A safety alert is open": "Hay una alerta de seguridad abierta",
    "The consultation does not clear this infusion": "La consulta no autoriza esta infusión",
    "The patient is not in maintenance": "El paciente no está en mantenimiento",
    "It was removed": "Se eliminó",
    "The invitation is no longer valid": "La invitación ya no es válida",
    "The cursor has expired": "El cursor ha caducado",
    "It changed since you read it": "Cambió desde que usted lo leyó",
    "The body is too large": "El cuerpo es demasiado grande",
    "The body must be JSON": "El cuerpo debe ser JSON",
    "The body must be CSV": "El cuerpo debe ser CSV",
    "The body must be a form": "El cuerpo debe ser un formulario",
    "Something sent is invalid": "Algo de lo enviado no es válido",
    "The version to change is required": "Se requiere la versión que se cambia",
    "Too many attempts": "Demasiados intentos",
    "The server failed": "El servidor ha fallado",
    "The database is busy": "La base de datos está ocupada",
    "The server's disk is full": "El disco del servidor está lleno",
    "The request failed": "La solicitud ha fallado",
    # What any request may be answered.
    "The request is not valid HTTP: check the client.": (
        "La solicitud no es HTTP válido: revise el cliente."
    ),
    "This address does not exist. Check its path, and the ids in it.": (
        "Esta dirección no existe. Revise la ruta y los identificadores que contiene."
    ),
    "This address has no such method: the header Allow lists the others.": (
        "Esta dirección no tiene ese método: la cabecera Allow enumera los demás."
    ),
    "A body may have 64 KiB at most: send less in one request.": (
        "Un cuerpo puede tener 64 KiB como máximo: envíe menos en una solicitud."
    ),
    "The server failed. Send the request again later; quote request_id when you ask for help.": (
        "El servidor ha fallado. Vuelva a enviar la solicitud más tarde; indique request_id al pedir ayuda."
    ),
    "The request failed: status says how.": "La solicitud ha fallado: status dice cómo.",
    "This server does not serve that host name; its operator lists host names in ALLOWED_HOSTS.": (
        "Este servidor no atiende ese nombre de host; su operador enumera los nombres en ALLOWED_HOSTS."
    ),
    "This cannot be done.": "Esto no se puede hacer.",
    "This address names nothing that exists and that you may see. Check the ids in it.": (
        "Esta dirección no nombra nada que exista y que usted pueda ver. Revise sus identificadores."
    ),
    "Your role does not allow this; required_roles names the roles that may do it.": (
        "Su rol no lo permite; required_roles nombra los roles que pueden hacerlo."
    ),
    "Your account's roles ({roles}) do not allow this. It is open to: {allowed}.": (
        "Los roles de su cuenta ({roles}) no lo permiten. Está abierto a: {allowed}."
    ),
    "Your account's roles do not allow a change of {name}: leave it out.": (
        "Los roles de su cuenta no permiten cambiar {name}: omítalo."
    ),
    (
        "This API client was not granted the scope in required_scope. An admin can register a client with it."
    ): (
        "A este cliente de la API no se le concedió el alcance de required_scope. Un administrador puede"
        " registrar un cliente con él."
    ),
    "This API client was not granted the scope {scope}. An admin can register a client with it.": (
        "A este cliente de la API no se le concedió el alcance {scope}. Un administrador puede registrar"
        " un cliente con él."
    ),
    "This API client was not granted every scope in scope: request fewer, or leave scope out for all.": (
        "A este cliente de la API no se le concedieron todos los alcances de scope: pida menos, u omita"
        " scope para obtenerlos todos."
    ),
    (
        "The access token is missing, has expired, was revoked or was not issued by this server. Refresh"
        " it once at /oauth/token; if that is refused too, sign in again."
    ): (
        "El token de acceso falta, ha caducado, fue revocado o no lo emitió este servidor. Renuévelo una"
        " vez en /oauth/token; si también se rechaza, inicie sesión de nuevo."
    ),
    (
        "The refresh token was used before, has expired, was revoked, was not issued by this server or"
        " comes from another device: sign in again."
    ): (
        "El token de renovación ya se usó, ha caducado, fue revocado, no lo emitió este servidor o viene"
        " de otro dispositivo: inicie sesión de nuevo."
    ),
    "The e-mail address and the password do not match an account. Check both and try again.": (
        "La dirección de correo y la contraseña no corresponden a ninguna cuenta. Revise ambas e"
        " inténtelo de nuevo."
    ),
    (
        "The client id and secret do not match an API client that is neither revoked nor expired: send"
        " both, as HTTP Basic or in the form."
    ): (
        "El identificador y el secreto no corresponden a un cliente de la API vigente: envíe ambos, como"
        " HTTP Basic o en el formulario."
    ),
    "There were too many failed attempts. Wait as many seconds as Retry-After says, then try again.": (
        "Hubo demasiados intentos fallidos. Espere los segundos que indica Retry-After e inténtelo de nuevo."
    ),
    (
        "This invitation was used, withdrawn or has expired. If you used it yourself, sign in; otherwise"
        " ask the clinic for a new one."
    ): (
        "Esta invitación se usó, se retiró o ha caducado. Si la usó usted, inicie sesión; si no, pida una"
        " nueva a la clínica."
    ),
    "Some of what was sent is invalid: errors names each field and how to correct it.": (
        "Parte de lo enviado no es válido: errors nombra cada campo y cómo corregirlo."
    ),
    (
        "This conflicts with what is stored: errors names each field. Without errors, another change was"
        " stored at the same moment: read the resource again, then retry."
    ): (
        "Esto está en conflicto con lo guardado: errors nombra cada campo. Sin errors, otro cambio se"
        " guardó en el mismo momento: lea el recurso de nuevo y reinténtelo."
    ),
    "The database is busy. Nothing was stored: send the same request again after Retry-After seconds.": (
        "La base de datos está ocupada. No se guardó nada: envíe la misma solicitud de nuevo pasados los"
        " segundos de Retry-After."
    ),
    "The server's disk is full. Nothing was stored: keep what you entered, and send the same request again"
    " after Retry-After seconds.": (
        "El disco del servidor está lleno. No se guardó nada: conserve lo que escribió y envíe la misma"
        " solicitud de nuevo pasados los segundos de Retry-After."
    ),
    "This was removed. To store it again, send the version of the removal in If-Match.": (
        "Esto se eliminó. Para guardarlo de nuevo, envíe la versión de la eliminación en If-Match."
    ),
    "The server was restored from a backup since it issued this cursor. Start again without a cursor.": (
        "El servidor se restauró desde una copia después de emitir este cursor. Empiece de nuevo sin cursor."
    ),
    (
        "The cursor was issued for another path, other filters, another user or another server. Send"
        " next_cursor with the path and filters it came from, or leave cursor out to start again."
    ): (
        "El cursor se emitió para otra ruta, otros filtros, otro usuario u otro servidor. Envíe"
        " next_cursor con la ruta y los filtros de los que procede, u omita cursor para empezar de nuevo."
    ),
    (
        "This changed after the version you named. Compare your change with current, then send it again"
        " with its version in If-Match."
    ): (
        "Esto cambió después de la versión que usted indicó. Compare su cambio con current y envíelo de"
        " nuevo con su versión en If-Match."
    ),
    (
        "Something else is stored here already, as current shows. To change it, send its version in If-Match."
    ): (
        "Aquí ya hay otra cosa guardada, como muestra current. Para cambiarla, envíe su versión en If-Match."
    ),
    'Send the ETag of the version you are changing, as "v3": quotes, a small v and its number.': (
        'Envíe el ETag de la versión que cambia, como "v3": comillas, una v minúscula y su número.'
    ),
    "This is available as {types}: name one of them in Accept, or leave Accept out.": (
        "Esto está disponible como {types}: nombre uno de ellos en Accept, u omita Accept."
    ),
    "as_of is in the future: send a past instant, or a date up to today (UTC).": (
        "as_of está en el futuro: envíe un instante pasado, o una fecha hasta hoy (UTC)."
    ),
    # What is wrong with a value.
    "This is required: send a value.": "Es obligatorio: envíe un valor.",
    "This name is not known here: check its spelling, or leave it out.": (
        "Este nombre no se conoce aquí: revise cómo está escrito, u omítalo."
    ),
    "null is not accepted: send a value, or leave it out.": ("No se acepta null: envíe un valor, u omítalo."),
    "Send a JSON object, in curly brackets.": "Envíe un objeto JSON, entre llaves.",
    "Send text, in double quotes.": "Envíe texto, entre comillas dobles.",
    "Send text in UTF-8.": "Envíe texto en UTF-8.",
    "Send a list, in square brackets.": "Envíe una lista, entre corchetes.",
    "Send true or false, without quotes.": "Envíe true o false, sin comillas.",
    "Send true or false.": "Envíe true o false.",
    "Send a whole number, without quotes.": "Envíe un número entero, sin comillas.",
    "Send a number, without quotes.": "Envíe un número, sin comillas.",
    "Send a number.": "Envíe un número.",
    "Send a UUID, as 6f0c7d52-5b0e-4b8e-9a3d-0d6a1f7c2b11.": (
        "Envíe un UUID, como 6f0c7d52-5b0e-4b8e-9a3d-0d6a1f7c2b11."
    ),
    "Send a calendar day, as 2026-11-21.": "Envíe un día del calendario, como 2026-11-21.",
    "Send a date, as 2026-11-21.": "Envíe una fecha, como 2026-11-21.",
    "Send a time with its offset, as 2026-11-21T21:14:05-05:00.": (
        "Envíe una hora con su diferencia horaria, como 2026-11-21T21:14:05-05:00."
    ),
    "Add the offset from UTC, as in 2026-11-21T21:14:05-05:00.": (
        "Añada la diferencia con UTC, como en 2026-11-21T21:14:05-05:00."
    ),
    "Send a date and time as RFC 3339 has it: {instant_example}.": (
        "Envíe fecha y hora como en RFC 3339: {instant_example}."
    ),
    "Send a date, or an instant as {instant_example}; in a URL, write the + of an offset as %2B.": (
        "Envíe una fecha, o un instante como {instant_example}; en una URL escriba el + de la diferencia"
        " horaria como %2B."
    ),
    "Send seconds from 00 to 59: a leap second is not accepted.": (
        "Envíe segundos de 00 a 59: no se acepta un segundo intercalar."
    ),
    "Send a moment from {first_year} to {last_year}.": "Envíe un momento de {first_year} a {last_year}.",
    "Send a day from {first_year} to {last_year}.": "Envíe un día de {first_year} a {last_year}.",
    "Send a day that is not before from.": "Envíe un día que no sea anterior a from.",
    "Send a day at most {number} days ahead.": "Envíe un día a lo sumo {number} días por delante.",
    "Send a whole number from {low} to {high}.": "Envíe un número entero de {low} a {high}.",
    "Send a whole number from {lowest} to {highest}.": "Envíe un número entero de {lowest} a {highest}.",
    "Send a number from {low:g} to {high:g}.": "Envíe un número de {low:g} a {high:g}.",
    "a whole number from {low} to {high}": "un número entero de {low} a {high}",
    "A whole number may have at most {number} digits.": (
        "Un número entero puede tener como máximo {number} cifras."
    ),
    "Send {low} to {high} characters.": "Envíe de {low} a {high} caracteres.",
    "Send at most {number} characters.": "Envíe como máximo {number} caracteres.",
    "Send at most {number}.": "Envíe como máximo {number}.",
    "Send 1 to {number}.": "Envíe de 1 a {number}.",
    "Send at most {number} bands.": "Envíe como máximo {number} franjas.",
    "Send at most {number} contacts.": "Envíe como máximo {number} contactos.",
    "Send at most {number} days.": "Envíe como máximo {number} días.",
    "Send at most {number} instruments.": "Envíe como máximo {number} instrumentos.",
    "Send at most {number} names.": "Envíe como máximo {number} nombres.",
    "Send at most {number} operations.": "Envíe como máximo {number} operaciones.",
    (
        "Send at most {number} safety answers in one request. The most severe ones were acted on: send all of"
        " them again, in several requests."
    ): (
        "Envíe como máximo {number} respuestas de seguridad en una solicitud. Ya se han atendido las más"
        " graves: envíelas todas de nuevo, en varias solicitudes."
    ),
    "Send 1 to {number} roles.": "Envíe de 1 a {number} roles.",
    "Send from 1 to {number} answers.": "Envíe de 1 a {number} respuestas.",
    "Send at least one answer.": "Envíe al menos una respuesta.",
    "Send at least one measurement.": "Envíe al menos una medición.",
    "Send at least one member.": "Envíe al menos un miembro.",
    "Send at least one scope, each once.": "Envíe al menos un alcance, cada uno una vez.",
    "Send one line, without control characters.": "Envíe una línea, sin caracteres de control.",
    "Write something that can be read.": "Escriba algo que se pueda leer.",
    "Send one of: {words}.": "Envíe uno de: {words}.",
    "Send one or several of these, with commas between: {words}.": (
        "Envíe uno o varios, separados por comas: {words}."
    ),
    "Send 8 to 64 of A-Z a-z 0-9 . _ -": "Envíe de 8 a 64 de A-Z a-z 0-9 . _ -",
    "Send an e-mail address.": "Envíe una dirección de correo electrónico.",
    "Send a BCP 47 tag, as en or pt-BR.": "Envíe una etiqueta BCP 47, como en o pt-BR.",
    "Send the IANA name of a time zone, as Europe/Paris.": (
        "Envíe el nombre IANA de una zona horaria, como Europe/Paris."
    ),
    "Send a country of two letters, as US.": "Envíe un país de dos letras, como US.",
    "Send a code of ISO 4217, as EUR.": "Envíe un código de ISO 4217, como EUR.",
    "Send a code as {prefix}pain: small letters, digits, hyphens.": (
        "Envíe un código como {prefix}pain: minúsculas, cifras, guiones."
    ),
    (
        "Send the number in international form: a plus sign, the country code and the number, 7 to 15"
        " digits in all, as +1 406 555 0142."
    ): (
        "Envíe el número en formato internacional: un signo más, el código del país y el número, de 7 a"
        " 15 cifras en total, como +1 406 555 0142."
    ),
    "Send a number, or for web an https page.": "Envíe un número o, para web, una página https.",
    "Send the code of an instrument, as phq-9, or of one of the clinic's own.": (
        "Envíe el código de un instrumento, como phq-9, o de uno propio de la clínica."
    ),
    (
        "Send one of the questionnaires whose totals are stored: {codes}, or one of the clinic's own,"
        " whose code begins with {prefix}."
    ): (
        "Envíe uno de los cuestionarios cuyos totales se guardan: {codes}, o uno propio de la clínica,"
        " cuyo código empieza por {prefix}."
    ),
    "This day does not exist: send a calendar day, as 2026-11-21.": (
        "Este día no existe: envíe un día del calendario, como 2026-11-21."
    ),
    "This field appears twice: send it once.": "Este campo aparece dos veces: envíelo una vez.",
    "This parameter appears twice: send it once.": "Este parámetro aparece dos veces: envíelo una vez.",
    "A member name appears twice in one object: send each name once.": (
        "Un nombre aparece dos veces en un objeto: envíe cada nombre una vez."
    ),
    "This operation has no such query parameter: check its spelling, or leave it out.": (
        "Esta operación no tiene ese parámetro: revise cómo está escrito, u omítalo."
    ),
    "This operation takes no body: send none, or {{}}.": (
        "Esta operación no admite cuerpo: no envíe ninguno, o {{}}."
    ),
    "Text may not contain NUL.": "El texto no puede contener NUL.",
    "Text may hold no NUL.": "El texto no puede tener NUL.",
    "Text may not contain NUL characters or unpaired surrogates: remove them.": (
        "El texto no puede contener caracteres NUL ni sustitutos sin pareja: elimínelos."
    ),
    "NaN and Infinity are not JSON: leave the member out or send a number.": (
        "NaN e Infinity no son JSON: omita el miembro o envíe un número."
    ),
    "Send objects and lists nested at most {number} levels deep.": (
        "Envíe objetos y listas anidados como máximo en {number} niveles."
    ),
    "Send at most {number} values in one body, those within lists and objects included.": (
        "Envíe como máximo {number} valores en un cuerpo, incluidos los que están dentro de listas y objetos."
    ),
    "At most {number} patients can share with one account at a time.": (
        "Como máximo {number} pacientes pueden compartir con una cuenta a la vez."
    ),
    "Send a first day at most {number} days before the last one.": (
        "Envíe un primer día como máximo {number} días anterior al último."
    ),
    "Too much was stored in a day": "Se guardó demasiado en un día",
    (
        "More of this was stored today than anybody needs. Send the rest after as many seconds as "
        "Retry-After says; if there is a reason for so many, tell the clinic."
    ): (
        "Hoy se guardó más de esto de lo que nadie necesita. Envíe el resto pasados los segundos que indica "
        "Retry-After; si hay un motivo para tantos, avise a la clínica."
    ),
    "Too many reads in a minute": "Demasiadas lecturas en un minuto",
    (
        "You read more in a minute than this server computes for one account. Wait as many seconds as "
        "Retry-After says, then read on."
    ): (
        "Leyó más en un minuto de lo que este servidor calcula para una cuenta. Espere los segundos que "
        "indica Retry-After y siga leyendo."
    ),
    "Many people are signing in at this moment. Send the same request again after Retry-After seconds.": (
        "Muchas personas están iniciando sesión ahora. Envíe de nuevo la misma solicitud pasados los "
        "segundos que indica Retry-After."
    ),
    "Send at most {number} fields in one form.": "Envíe como máximo {number} campos en un formulario.",
    "The body is not valid JSON in UTF-8. Check quotes, commas and brackets, then send it again.": (
        "El cuerpo no es JSON válido en UTF-8. Revise comillas, comas y llaves, y envíelo de nuevo."
    ),
    "Send the body as JSON, with the header Content-Type: application/json.": (
        "Envíe el cuerpo como JSON, con la cabecera Content-Type: application/json."
    ),
    "Send a form, with the header Content-Type: application/x-www-form-urlencoded (RFC 6749).": (
        "Envíe un formulario, con la cabecera Content-Type: application/x-www-form-urlencoded (RFC 6749)."
    ),
    "Send the file as the body, with the header Content-Type: text/csv.": (
        "Envíe el archivo como cuerpo, con la cabecera Content-Type: text/csv."
    ),
    "Ask for at most {number} days at a time.": "Pida como máximo {number} días de una vez.",
    # Days, and what is over or has not begun.
    "This has not happened yet.": "Esto aún no ha ocurrido.",
    "This moment has not come yet.": "Este momento aún no ha llegado.",
    "This day has not begun anywhere yet.": "Este día aún no ha empezado en ningún lugar.",
    "This day has not begun for the patient, for whom it is {expected}.": (
        "Este día aún no ha empezado para el paciente, para quien es {expected}."
    ),
    "By the server's clock it is {expected} there: see to the phone's clock.": (
        "Según el reloj del servidor allí es {expected}: revise el reloj del teléfono."
    ),
    "At recorded_at it was {expected} in time_zone: send that day, by the patient's own calendar.": (
        "En recorded_at era {expected} en time_zone: envíe ese día, según el calendario del paciente."
    ),
    "A day can be filled in up to {backfill_days} days later; ask the clinic.": (
        "Un día puede completarse hasta {backfill_days} días después; pregunte a la clínica."
    ),
    "A form can be filled in up to {days} days later; ask the clinic.": (
        "Un formulario puede completarse hasta {days} días después; pregunte a la clínica."
    ),
    "This day is over: name today or a later one.": "Este día ya pasó: indique hoy o uno posterior.",
    "Days are stored from {earliest_date:%Y} on.": "Los días se guardan desde {earliest_date:%Y}.",
    "Birth dates are stored from {earliest_birth:%Y} on.": (
        "Las fechas de nacimiento se guardan desde {earliest_birth:%Y}."
    ),
    "A birth date is not in the future: send the day on which the patient was born.": (
        "Una fecha de nacimiento no está en el futuro: envíe el día en que nació el paciente."
    ),
    "Plan at most {number} days ahead.": "Planifique como máximo {number} días por delante.",
    "Send a day after the patient's today.": "Envíe un día posterior al hoy del paciente.",
    "Name each day once.": "Indique cada día una vez.",
    # Accounts, invitations and sharing.
    "Send client_credentials or refresh_token.": "Envíe client_credentials o refresh_token.",
    "This grant_type requires it: send it.": "Este grant_type lo exige: envíelo.",
    "Send a password of {low} to {high} characters.": ("Envíe una contraseña de {low} a {high} caracteres."),
    "This password is easy to guess: use several unrelated words.": (
        "Esta contraseña es fácil de adivinar: use varias palabras sin relación entre sí."
    ),
    "This e-mail address cannot be used: send another.": (
        "Esta dirección de correo no se puede usar: envíe otra."
    ),
    "Send the e-mail address to sign in with.": ("Envíe la dirección de correo con la que se inicia sesión."),
    "A member of staff was added with this address.": (
        "Un miembro del personal se añadió con esta dirección."
    ),
    "This account is disabled: enable it first.": "Esta cuenta está desactivada: actívela primero.",
    ("The clinic has disabled this account. What was not sent yet stays on this device: ask the clinic."): (
        "La clínica ha desactivado esta cuenta. Lo que aún no se ha enviado permanece en este dispositivo:"
        " consulte a la clínica."
    ),
    (
        "This server sends no e-mail. Ask the clinic for a code: your care team makes one, for staff an"
        " admin."
    ): (
        "Este servidor no envía correos. Pida un código a la clínica: lo crea su equipo de atención y, para"
        " el personal, un administrador."
    ),
    (
        "This code was used, replaced by a newer one or has expired. Ask for another e-mail, or the clinic"
        " for a code."
    ): (
        "Este código ya se usó, fue reemplazado por uno más reciente o ha caducado. Pida otro correo, o un"
        " código a la clínica."
    ),
    "Set a new password": "Establezca una contraseña nueva",
    "New password": "Contraseña nueva",
    "At least 15 characters: several unrelated words are easy to remember.": (
        "Al menos 15 caracteres: varias palabras sin relación son fáciles de recordar."
    ),
    "Set the password": "Establecer la contraseña",
    "Your new password is set, and every device is signed out. Sign in with it.": (
        "Su contraseña nueva está establecida y se ha cerrado la sesión en todos los dispositivos. Inicie"
        " sesión con ella."
    ),
    "The server did not answer. Try again.": "El servidor no respondió. Inténtelo de nuevo.",
    "This page needs JavaScript. Or enter the code from the e-mail in the app.": (
        "Esta página necesita JavaScript. O introduzca en la aplicación el código del correo."
    ),
    (
        "Somebody asked for a new password for the account that signs in with this address. If it was you,"
        " open this link within an hour:\n\n{link}\n\nOr enter this code in the app: {code}\n\nIf it was not"
        " you, there is nothing to do: the password stays as it is."
    ): (
        "Alguien pidió una contraseña nueva para la cuenta que inicia sesión con esta dirección. Si fue"
        " usted, abra este enlace antes de una hora:\n\n{link}\n\nO introduzca este código en la"
        " aplicación: {code}\n\nSi no fue usted, no tiene que hacer nada: la contraseña no cambia."
    ),
    (
        "This account has a second factor. Send the same request with totp_code, the six digits that your"
        " authenticator app shows, or with recovery_code."
    ): (
        "Esta cuenta tiene un segundo factor. Envíe la misma solicitud con totp_code, los seis dígitos que"
        " muestra su aplicación de autenticación, o con recovery_code."
    ),
    (
        "This code does not fit or was used before: wait for the next one. If you have lost your"
        " authenticator app, send recovery_code, or ask the clinic to reset your second factor."
    ): (
        "Este código no es correcto o ya se usó: espere al siguiente. Si ha perdido su aplicación de"
        " autenticación, envíe recovery_code o pida a la clínica que restablezca su segundo factor."
    ),
    "A second factor is in use: remove it first.": "Ya hay un segundo factor en uso: elimínelo primero.",
    "Start a second factor first, then confirm it with a code.": (
        "Inicie primero un segundo factor y confírmelo después con un código."
    ),
    "Your password is too short without a second factor: set a longer one first.": (
        "Su contraseña es demasiado corta sin un segundo factor: establezca primero una más larga."
    ),
    "Send a longer password: this one needs a second factor.": (
        "Envíe una contraseña más larga: esta necesita un segundo factor."
    ),
    "Your clinic requires a second factor of its staff. Set one up first: POST /v1/me/second-factor.": (
        "Su clínica exige un segundo factor a su personal. Configure uno primero: POST /v1/me/second-factor."
    ),
    "Remove your own second factor with a code, or let another admin reset it.": (
        "Elimine su propio segundo factor con un código, o pida a otro administrador que lo restablezca."
    ),
    "Send the six digits of the app.": "Envíe los seis dígitos de la aplicación.",
    "Send totp_code or recovery_code.": "Envíe totp_code o recovery_code.",
    "A clinic keeps at least one admin.": "Una clínica conserva al menos un administrador.",
    "A client is registered under this id. Revoke it and register a new one.": (
        "Hay un cliente registrado con este identificador. Revóquelo y registre uno nuevo."
    ),
    "A client that has expired could never ask.": "Un cliente caducado nunca podría preguntar.",
    "Choose another id.": "Elija otro identificador.",
    "Another patient has this record number.": "Otro paciente tiene este número de historia.",
    "Send a detail, or remove it.": "Envíe un dato, o elimínelo.",
    "Name at least one part, each once.": "Nombre al menos una parte, cada una una vez.",
    "Name each part once.": "Nombre cada parte una vez.",
    "Notes are part of check-ins: share those, too.": (
        "Las notas son parte de los registros: comparta también esos."
    ),
    "The patient has not shared this part of the record with you: {part}. They can in a new consent.": (
        "El paciente no ha compartido con usted esta parte de la historia: {part}. Puede hacerlo en un"
        " nuevo consentimiento."
    ),
    "At most {number} at a time: revoke one first.": "Como máximo {number} a la vez: revoque uno antes.",
    "It was accepted already.": "Ya se aceptó.",
    "This was revoked.": "Se revocó.",
    "This was revoked: agree again under a new id.": (
        "Se revocó: acuérdelo de nuevo con otro identificador."
    ),
    "A delegate may read current trends only: leave as_of out.": (
        "Un delegado solo puede leer las tendencias actuales: omita as_of."
    ),
    "A delegate is never shown the totals of this questionnaire.": (
        "A un delegado nunca se le muestran los totales de este cuestionario."
    ),
    # Check-ins and questionnaires.
    "Send the day's answers.": "Envíe las respuestas del día.",
    "Send an object with a rating for each code.": "Envíe un objeto con una puntuación para cada código.",
    "Send codes of the catalogue of daily ratings only.": (
        "Envíe solo códigos del catálogo de puntuaciones diarias."
    ),
    "Name each side effect once.": "Nombre cada efecto secundario una vez.",
    "Name each rating once.": "Nombre cada puntuación una vez.",
    "Send none when removing a day.": "No envíe ninguna al eliminar un día.",
    "Send none with a check-in.": "No envíe ninguna con un registro.",
    "The patient has answered again since: read the alert, then send this again.": (
        "El paciente ha vuelto a responder desde entonces: lea la alerta y envíe esto de nuevo."
    ),
    "Another operation was pushed under this op_id: give each operation its own.": (
        "Se envió otra operación con este op_id: dé a cada operación el suyo."
    ),
    "{measure} is the target measure of the patient's course: choose another there first.": (
        "{measure} es la medida objetivo del tratamiento del paciente: elija antes otra allí."
    ),
    "Answer each question once.": "Responda cada pregunta una vez.",
    "Answer this item with {scale}.": "Responda este ítem con {scale}.",
    "This version of the questionnaire has no such item.": (
        "Esta versión del cuestionario no tiene ese ítem."
    ),
    "There is no such version of this questionnaire.": "No existe esa versión de este cuestionario.",
    "This version is retired: ask the one in use.": "Esta versión está retirada: pregunte la vigente.",
    "This questionnaire is retired: no version of it is asked any more.": (
        "Este cuestionario está retirado: ya no se pregunta ninguna versión."
    ),
    "Another questionnaire was filled in under this id.": (
        "Con este identificador se rellenó otro cuestionario."
    ),
    "Send the form.": "Envíe el formulario.",
    "Send the form as form.": "Envíe el formulario como form.",
    "A drop in mood asks for a PHQ-9 and for nothing else.": (
        "Una bajada del ánimo pide un PHQ-9 y nada más."
    ),
    "A total of this questionnaire lies from {lowest} to {highest}.": (
        "Un total de este cuestionario va de {lowest} a {highest}."
    ),
    "A total of this questionnaire is a multiple of {step}: send {step} times the sum of its items.": (
        "Un total de este cuestionario es múltiplo de {step}: envíe {step} veces la suma de sus ítems."
    ),
    "A total of this instrument lies from {lowest} to {highest}.": (
        "Un total de este instrumento va de {lowest} a {highest}."
    ),
    "A total of this scale lies from 0 to {highest}.": "Un total de esta escala va de 0 a {highest}.",
    "The range of this questionnaire is 0 to {known}: leave it out.": (
        "El rango de este cuestionario es de 0 a {known}: omítalo."
    ),
    "The range of this instrument is {lowest} to {highest}: leave it out.": (
        "El rango de este instrumento es de {lowest} a {highest}: omítalo."
    ),
    "The highest total is above the lowest.": "El total más alto está por encima del más bajo.",
    "Say between which totals yours lies: of this questionnaire no range is known here.": (
        "Indique entre qué totales está el suyo: aquí no se conoce el rango de este cuestionario."
    ),
    "The clinic has retired this instrument: no new totals.": (
        "La clínica ha retirado este instrumento: no se admiten totales nuevos."
    ),
    "The clinic has no instrument of this code.": ("La clínica no tiene ningún instrumento con este código."),
    (
        "The clinic has no instrument of this code: GET /v1/clinics/{{clinic_id}}/custom-instruments"
        " lists its own."
    ): (
        "La clínica no tiene ningún instrumento con este código: GET"
        " /v1/clinics/{{clinic_id}}/custom-instruments enumera los suyos."
    ),
    "Each instrument has a code of its own.": "Cada instrumento tiene su propio código.",
    "{code} has totals: keep it in the list, with retired true, so that they stay readable.": (
        "{code} tiene totales: manténgalo en la lista, con retired true, para que sigan siendo legibles."
    ),
    "Send bands in ascending order, from {lowest} to {highest}.": (
        "Envíe las franjas en orden ascendente, de {lowest} a {highest}."
    ),
    "A change of its total is at most {number} points.": (
        "Un cambio de su total es como máximo de {number} puntos."
    ),
    # Courses, infusions and sessions.
    "Another course began on this day.": "Otro tratamiento empezó este día.",
    "Another course began before: only the first is initial.": (
        "Otro tratamiento empezó antes: solo el primero es inicial."
    ),
    "The patient's initial course began later.": "El tratamiento inicial del paciente empezó más tarde.",
    "The course before it ended later than this day.": (
        "El tratamiento anterior terminó después de este día."
    ),
    "The next course began before this day.": "El tratamiento siguiente empezó antes de este día.",
    "A course ends on the day it began, or later.": (
        "Un tratamiento termina el día en que empezó, o después."
    ),
    "It ends on the day it began, or later.": "Termina el día en que empezó, o después.",
    "An end has its day and its reason.": "Un final tiene su día y su motivo.",
    "Only a course transferred in has infusions of another clinic.": (
        "Solo un tratamiento trasladado tiene infusiones de otra clínica."
    ),
    "The other clinic's infusions were before began_on.": (
        "Las infusiones de la otra clínica fueron antes de began_on."
    ),
    "The first infusion was not after the last.": "La primera infusión no fue después de la última.",
    "Send how many infusions the other clinic gave.": (
        "Envíe cuántas infusiones administró la otra clínica."
    ),
    "An infusion was given before this day: an initial course begins with the first one.": (
        "Se administró una infusión antes de este día: un tratamiento inicial empieza con la primera."
    ),
    "A baseline is judged before the course's first infusion, at the latest that morning.": (
        "El nivel de partida se valora antes de la primera infusión del tratamiento, a más tardar esa mañana."
    ),
    "A baseline is judged before the first infusion given, at the latest that morning.": (
        "El nivel de partida se valora antes de la primera infusión administrada, a más tardar esa mañana."
    ),
    "The baseline was judged after this day: withdraw it, or date it before the infusion.": (
        "El nivel de partida se valoró después de este día: retírelo, o féchelo antes de la infusión."
    ),
    "Send it with a target measure that is a rating; wellbeing has a baseline of mood and anxiety.": (
        "Envíelo con una medida objetivo que sea una puntuación; el bienestar tiene un nivel de partida"
        " de ánimo y ansiedad."
    ),
    "The patient's consultation has no such version.": "La consulta del paciente no tiene esa versión.",
    "Must be between {low} and {high}.": "Debe estar entre {low} y {high}.",
    "Must be between {low} and {high} days.": "Debe estar entre {low} y {high} días.",
    "Must leave a day for each induction infusion.": (
        "Debe dejar un día para cada infusión de la inducción."
    ),
    "Must not be above max_interval_days.": "No debe superar max_interval_days.",
    "Needs the day on which the pause began.": "Necesita el día en que empezó la pausa.",
    "Must be after paused_on.": "Debe ser posterior a paused_on.",
    "No infusion was given by that day: there is nothing to review.": (
        "Hasta ese día no se administró ninguna infusión: no hay nada que revisar."
    ),
    "Only extend adds infusions.": "Solo extend añade infusiones.",
    "Send how many infusions are added.": "Envíe cuántas infusiones se añaden.",
    "A series has at most {number} infusions; {planned} are planned.": (
        "Una serie tiene como máximo {number} infusiones; hay {planned} previstas."
    ),
    "Say what the treatment is for.": "Indique para qué es el tratamiento.",
    "Say why: something is left to review, or treatment is not to begin.": (
        "Indique por qué: queda algo por revisar, o el tratamiento no debe empezar."
    ),
    "Not in the checklist.": "No está en la lista.",
    (
        "The consultation does not clear this patient for treatment, and this clinic then refuses"
        " infusions. A clinician can record the consultation; what was given already is recorded with"
        " override_reason."
    ): (
        "La consulta no autoriza el tratamiento de este paciente, y esta clínica rechaza entonces las"
        " infusiones. Un clínico puede registrar la consulta; lo ya administrado se registra con"
        " override_reason."
    ),
    "It is asked for on the day of the infusion or before, and not in the future.": (
        "Se pide el día de la infusión o antes, y no en el futuro."
    ),
    "An infusion given cannot lie ahead.": "Una infusión administrada no puede estar por delante.",
    "An infusion cannot be booked for a day that is over for the patient.": (
        "No se puede reservar una infusión para un día que ya pasó para el paciente."
    ),
    "An infusion is booked at most {days} days ahead.": (
        "Una infusión se reserva como máximo {days} días por delante."
    ),
    "Another infusion covers this time; without ended_at one is taken to last {minutes} minutes.": (
        "Otra infusión abarca esta hora; sin ended_at se supone que dura {minutes} minutos."
    ),
    "It ends after it begins.": "Termina después de empezar.",
    "It must end after it starts, within 24 hours.": (
        "Debe terminar después de empezar, en menos de 24 horas."
    ),
    "Say why it was not given.": "Indique por qué no se administró.",
    "Send it with status not_done only.": "Envíelo solo con status not_done.",
    "Its session or discharge check says that it was given; one entered in error is removed.": (
        "Su sesión o su control de alta dice que se administró; una registrada por error se elimina."
    ),
    "This infusion was not given.": "Esta infusión no se administró.",
    "The front desk books, moves and cancels infusions; what was given is the care team's.": (
        "La recepción reserva, mueve y cancela infusiones; lo administrado corresponde al equipo clínico."
    ),
    (
        "The dose is above the clinic's limit of {limits}: correct it, or send dose_confirmation with its"
        " rationale."
    ): (
        "La dosis supera el límite de la clínica, {limits}: corríjala, o envíe dose_confirmation con su"
        " justificación."
    ),
    "No member of this clinic's staff has this account.": (
        "Ningún miembro del personal de esta clínica tiene esta cuenta."
    ),
    "The infusion had not begun then: use the daily check-in.": (
        "La infusión aún no había empezado: use el registro diario."
    ),
    "It was answered more than 30 days ago; ask the clinic.": (
        "Se respondió hace más de 30 días; consulte a la clínica."
    ),
    "It lies more than 24 hours after the start: use the daily check-in.": (
        "Es más de 24 horas después del comienzo: use el registro diario."
    ),
    "This infusion was not done: answer at the next one that is booked or given.": (
        "Esta infusión no se hizo: responda en la próxima que se programe o se administre."
    ),
    "It is not asked during an induction: answer from the first infusion after it on.": (
        "No se pregunta durante una inducción: responda a partir de la primera infusión posterior."
    ),
    "No infusion of this treatment course lies before this one to ask about.": (
        "Antes de esta infusión no hay otra de este ciclo de tratamiento por la que preguntar."
    ),
    "It is about the infusion on {day}: it can be answered from the day after it on.": (
        "Se refiere a la infusión del {day}: se puede responder a partir del día siguiente."
    ),
    (
        "It is {days} from the infusion on {day} until then: send at most as many, or not_gone if half of the"
        " benefit was still there."
    ): (
        "Desde la infusión del {day} hasta entonces hay {days}: envíe como máximo esa cifra, o not_gone si"
        " aún quedaba la mitad del beneficio."
    ),
    "Send after how many days.": "Envíe a los cuántos días.",
    "Only the answer days has a number.": "Solo la respuesta days lleva un número.",
    "Nobody arrives after their infusion has started.": "Nadie llega después de que empiece su infusión.",
    "Nobody leaves after an infusion that was not given.": (
        "Nadie se va después de una infusión que no se administró."
    ),
    "Nobody leaves before their infusion has ended.": "Nadie se va antes de que termine su infusión.",
    "Nobody leaves before they arrived.": "Nadie se va antes de llegar.",
    "It lies before the arrival.": "Es antes de la llegada.",
    "It lies more than a day from the infusion's start.": (
        "Está a más de un día del comienzo de la infusión."
    ),
    "It runs at one rate at a time.": "Corre a un solo ritmo a la vez.",
    "The infusion was not running then.": "La infusión no estaba en curso entonces.",
    "The discharge check says that they had left.": "El control de alta dice que ya se había ido.",
    "The discharge check says that they left before: correct it first.": (
        "El control de alta dice que se fue antes: corríjalo primero."
    ),
    "The session or a vital sign says that they were still there: correct it first.": (
        "La sesión o un signo vital dice que aún estaba allí: corríjalo primero."
    ),
    "The session says that they arrived later: correct it first.": (
        "La sesión dice que llegó más tarde: corríjala primero."
    ),
    "An infusion has at most {number} readings.": "Una infusión tiene como máximo {number} lecturas.",
    "A blood pressure has two numbers.": "Una presión arterial tiene dos números.",
    "Systolic is the higher number.": "La sistólica es el número más alto.",
    "Another reading has this id: delete it, and send this one under an id of its own.": (
        "Otra lectura tiene este identificador: elimínela y envíe esta con el suyo propio."
    ),
    "The reading of this id was entered in error; a new one needs an id of its own.": (
        "La lectura de este identificador se registró por error; una nueva necesita el suyo propio."
    ),
    "This id is taken by a reading at another infusion of the patient.": (
        "Este identificador lo tiene una lectura de otra infusión del paciente."
    ),
    "It contradicts {low}.": "Contradice {low}.",
    "An allergy has no dosage: leave it out.": "Una alergia no tiene dosis: omítala.",
    # Events, costs, outlooks, worklist and reports.
    "An annotation is what is written in it.": "Una anotación es lo que se escribe en ella.",
    "Annotations are the clinic's.": "Las anotaciones son de la clínica.",
    "A patient sees what they reported.": "Un paciente ve lo que comunicó.",
    "Only the {side} side that reported this event may change it.": (
        "Solo la parte que comunicó este acontecimiento, {side}, puede cambiarlo."
    ),
    "No more can be covered than it costs.": "No se puede cubrir más de lo que cuesta.",
    "Where nothing is covered, send 0 or nothing.": "Donde no se cubre nada, envíe 0 o nada.",
    "Say how much of the price is covered.": "Indique cuánto del precio está cubierto.",
    "This covers all of the price.": "Esto cubre todo el precio.",
    "This clinic does not show its forecasts.": "Esta clínica no muestra sus pronósticos.",
    "The outlook has changed since: look at the present one, named in outlook_id, and decide on that.": (
        "La previsión ha cambiado desde entonces: mire la actual, indicada en outlook_id, y decida sobre"
        " ella."
    ),
    "This patient is not in maintenance: the outlook names no day, and there is nothing to decide on.": (
        "Este paciente no está en mantenimiento: la previsión no indica ningún día, y no hay nada que"
        " decidir."
    ),
    "Another decision has this id.": "Otra decisión tiene este identificador.",
    "Send the reason why you differ.": "Envíe el motivo por el que discrepa.",
    (
        "A patient with an open safety alert stays on the worklist. Close the alert first, or send the"
        " state open to take or hand over the patient."
    ): (
        "Un paciente con una alerta de seguridad abierta permanece en la lista de trabajo. Cierre antes"
        " la alerta, o envíe el estado open para asumir o traspasar al paciente."
    ),
    (
        "The patient's record has changed since you looked, and the reasons for attention may have too."
        " Look at the present summary, named in outlook_id, and send it again with that."
    ): (
        "La historia del paciente ha cambiado desde que usted la miró, y quizá también los motivos de"
        " atención. Mire el resumen actual, indicado en outlook_id, y envíelo de nuevo con él."
    ),
    "Send the account of an active clinician or nurse of this clinic.": (
        "Envíe la cuenta de un clínico o enfermero activo de esta clínica."
    ),
    "Send none, or the name of a recalibration estimated from this clinic's record.": (
        "Envíe none, o el nombre de una recalibración estimada con los registros de esta clínica."
    ),
    (
        "It was estimated from forecasts of another version of the engine, or of another prior. Run flask"
        " outlook fit-recalibration for a new one."
    ): (
        "Se estimó con pronósticos de otra versión del motor, o de otra distribución previa. Ejecute flask"
        " outlook fit-recalibration para obtener una nueva."
    ),
    "Its median is earlier than what was observed of the clinic's patients.": (
        "Su mediana es anterior a lo observado en los pacientes de la clínica."
    ),
    "Its median is later than what was observed of the clinic's patients.": (
        "Su mediana es posterior a lo observado en los pacientes de la clínica."
    ),
    (
        "Its bias could not be checked: too few losses were seen in first cycles. Run flask outlook fit-prior"
        " again once there are more."
    ): (
        "No se pudo comprobar su sesgo: se observaron muy pocas pérdidas en los primeros ciclos. Vuelva a"
        " ejecutar flask outlook fit-prior cuando haya más."
    ),
    "Send published-1, or the name of a prior fitted to this clinic's patients.": (
        "Envíe published-1, o el nombre de una distribución previa ajustada a los pacientes de esta clínica."
    ),
    "A picture is drawn by day.": "Una imagen se dibuja por días.",
    "No response by this questionnaire was published: ask for JSON or CSV, or send another.": (
        "No se ha publicado la respuesta según este cuestionario: pida JSON o CSV, o envíe otro."
    ),
    "An integration is given the figures of all patients: those of two filters could be subtracted.": (
        "A una integración se le dan las cifras de todos los pacientes: las de dos filtros podrían restarse."
    ),
    (
        "There is no report on this clinic's forecasts yet: one is made every night, or within minutes"
        " after a POST to this address."
    ): (
        "Aún no hay informe de los pronósticos de esta clínica: se hace uno cada noche, o minutos después"
        " de un POST a esta dirección."
    ),
    # Safety.
    "This clinic does not ask the safety question.": "Esta clínica no hace la pregunta de seguridad.",
    "Send crisis contacts before the question is switched on.": (
        "Envíe contactos para crisis antes de activar la pregunta."
    ),
    "Send an on-call e-mail address or webhook before the question is switched on.": (
        "Envíe una dirección de correo o un webhook de guardia antes de activar la pregunta."
    ),
    "Send after how many minutes the on-call is notified; there is no default.": (
        "Envíe al cabo de cuántos minutos se avisa a la guardia; no hay valor por defecto."
    ),
    "Send an address of ASCII letters; write a domain of others as xn--.": (
        "Envíe una dirección de letras ASCII; escriba un dominio con otras como xn--."
    ),
    "Send an https URL of a public host, on port 443.": (
        "Envíe una URL https de un host público, en el puerto 443."
    ),
    "Nobody is reached at this domain: send an address that the on-call reads.": (
        "En este dominio no se localiza a nadie: envíe una dirección que la guardia lea."
    ),
    "Set an on-call e-mail address or webhook first: there is nobody to notify.": (
        "Indique primero un correo electrónico o un webhook de guardia: no hay a quién avisar."
    ),
    "Test messages were sent a moment ago. Wait as many seconds as Retry-After says, then send another.": (
        "Hace un momento se enviaron mensajes de prueba. Espere los segundos que indica Retry-After y envíe "
        "otro."
    ),
    "This server has no mail server; its operator sets SMTP_HOST.": (
        "Este servidor no tiene servidor de correo; su operador define SMTP_HOST."
    ),
    "Describe what was done.": "Describa lo que se hizo.",
    "This alert was acknowledged already: handled_by names who did so, and handled_at when.": (
        "Esta alerta ya fue atendida: handled_by indica quién lo hizo, y handled_at cuándo."
    ),
    "This alert was closed already: handled_by names who did so, and handled_at when.": (
        "Esta alerta ya fue cerrada: handled_by indica quién lo hizo, y handled_at cuándo."
    ),
    # Imports.
    "A file may have 1 MiB at most: import it in parts.": (
        "Un archivo puede tener 1 MiB como máximo: impórtelo por partes."
    ),
    "Send at most {number} lines: import the file in parts.": (
        "Envíe como máximo {number} líneas: importe el archivo por partes."
    ),
    "Send the record number or id of the patient.": (
        "Envíe el número de historia o el identificador del paciente."
    ),
    "Leave it out: each line is a patient.": "Omítalo: cada línea es un paciente.",
    "Name the patient whose diary it is.": "Indique de qué paciente es el diario.",
    "Name the patient, or give each line a record_number.": (
        "Indique el paciente, o dé a cada línea un record_number."
    ),
    "No patient of the clinic has this record number or id.": (
        "Ningún paciente de la clínica tiene este número de historia o identificador."
    ),
    "Send a scale as 1-5, or daylio.": "Envíe una escala como 1-5, o daylio.",
    "A scale is its lowest and its highest rating, as 1-5, or daylio.": (
        "Una escala es su puntuación más baja y más alta, como 1-5, o daylio."
    ),
    "All ratings are from 1 to 5: state their scale, as 0-10, as 1-5 with its direction, or as daylio.": (
        "Todas las puntuaciones van de 1 a 5: indique su escala, como 0-10, como 1-5 con su dirección, o"
        " como daylio."
    ),
    "Send five different words, best first.": "Envíe cinco palabras distintas, la mejor primero.",
    "Its meaning is not known. State the five moods, best first, with --moods or moods.": (
        "Su significado no se conoce. Indique los cinco estados de ánimo, el mejor primero, con --moods o"
        " moods."
    ),
    "The moods are read by what their words mean: look them over, or state the five.": (
        "Los estados de ánimo se leen por lo que significan sus palabras: revíselos, o indique los cinco."
    ),
    "This time cannot be read: the order of the file decides, the newest entry is above.": (
        "Esta hora no se puede leer: decide el orden del archivo, la entrada más reciente está arriba."
    ),
    "The note was cut: {number} characters are stored.": (
        "La nota se recortó: se guardan {number} caracteres."
    ),
    "A value is needed.": "Hace falta un valor.",
    "Write a day as 2026-11-21.": "Escriba un día como 2026-11-21.",
    "Write a moment as 2026-11-21T21:54:00-05:00.": "Escriba un momento como 2026-11-21T21:54:00-05:00.",
    "Write a time as 09:30.": "Escriba una hora como 09:30.",
    "Write a time as 21:54.": "Escriba una hora como 21:54.",
    "Write the code of a questionnaire, as phq-9; docs/clinical/scores.md lists them.": (
        "Escriba el código de un cuestionario, como phq-9; docs/clinical/scores.md los enumera."
    ),
    "--time-zone is not the IANA name of a time zone, such as Europe/Paris.": (
        "--time-zone no es el nombre IANA de una zona horaria, como Europe/Paris."
    ),
    "Leave this cell as it was exported: it holds JSON.": ("Deje esta celda como se exportó: contiene JSON."),
    "Line {line} has this day already.": "La línea {line} ya tiene este día.",
    "Line {line} is the entry that counts for this day, and it was refused.": (
        "La línea {line} es la entrada que cuenta para este día, y se rechazó."
    ),
    "Something else is stored for this already; it was left as it is.": (
        "Ya hay otra cosa guardada para esto; se dejó como está."
    ),
    "This was removed, and stays so.": "Esto se eliminó, y así queda.",
    "The first line must name the columns; there is no {names}.": (
        "La primera línea debe nombrar las columnas; falta {names}."
    ),
    "{left} and no {right}": "{left} y falta {right}",
    "The columns are named on line {number}. Delete what is above it, {above}.": (
        "Las columnas se nombran en la línea {number}. Elimine lo que hay encima, {above}."
    ),
    "line 1": "la línea 1",
    "lines 1 to {number}": "las líneas 1 a {number}",
    "Column {number} has no name. Delete the column, or name it.": (
        "La columna {number} no tiene nombre. Elimine la columna, o póngale nombre."
    ),
    "Column {number} has a name that is not known. Known are {names}.": (
        "La columna {number} tiene un nombre desconocido. Se conocen {names}."
    ),
    "Column {number} has the name of an earlier one.": (
        "La columna {number} tiene el nombre de una anterior."
    ),
    "This line has {number} columns, the first line {expected}.": (
        "Esta línea tiene {number} columnas, la primera línea {expected}."
    ),
    "Line 1, sep=, is a note to a spreadsheet. Delete it: the first line must name the columns.": (
        "La línea 1, sep=, es una nota para una hoja de cálculo. Elimínela: la primera línea debe nombrar"
        " las columnas."
    ),
    "The columns are separated by tabs. Save it as CSV, separated by commas or semicolons.": (
        "Las columnas están separadas por tabuladores. Guárdelo como CSV, separado por comas o puntos y"
        " comas."
    ),
    "The file is not CSV from line {begins} on: see to its quotation marks.": (
        "El archivo no es CSV desde la línea {begins}: revise sus comillas."
    ),
    "The file is not text in UTF-8. Save it as CSV UTF-8.": (
        "El archivo no es texto en UTF-8. Guárdelo como CSV UTF-8."
    ),
    "This is text in UTF-16 (Unicode text), not in UTF-8. Save it as CSV UTF-8.": (
        "Esto es texto en UTF-16 (texto Unicode), no en UTF-8. Guárdelo como CSV UTF-8."
    ),
    "This is a PDF. Export the diary as CSV.": "Esto es un PDF. Exporte el diario como CSV.",
    "This is a workbook of Excel (.xlsx). Save the sheet as CSV UTF-8.": (
        "Esto es un libro de Excel (.xlsx). Guarde la hoja como CSV UTF-8."
    ),
    "This is a workbook of an old Excel (.xls). Save the sheet as CSV UTF-8.": (
        "Esto es un libro de un Excel antiguo (.xls). Guarde la hoja como CSV UTF-8."
    ),
    "This is a ZIP archive. Unpack it, and import the CSV file.": (
        "Esto es un archivo ZIP. Descomprímalo e importe el archivo CSV."
    ),
    "This is JSON. Export CSV instead.": "Esto es JSON. Exporte CSV en su lugar.",
    "This is HTML or XML. Export CSV instead.": "Esto es HTML o XML. Exporte CSV en su lugar.",
    "A response by share is defined where higher is worse.": (
        "Una respuesta por proporción se define donde más alto es peor."
    ),
    "Say where {name} comes from: no threshold without a source.": (
        "Indique de dónde procede {name}: ningún umbral sin fuente."
    ),
    "Send {name}, or leave this out.": "Envíe {name}, u omita esto.",
    "Send an account or a name, not both.": "Envíe una cuenta o un nombre, no ambos.",
    "A witness is somebody else than who gave it.": "El testigo es otra persona que quien la administró.",
    "Send the key of the record.": "Envíe la clave del registro.",
    "Leave this out: this kind of record has another key.": (
        "Omita esto: este tipo de registro tiene otra clave."
    ),
    "Send the outlook_id of the row or summary you looked at.": (
        "Envíe el outlook_id de la fila o del resumen que miró."
    ),
    "Send the day on which the patient returns.": "Envíe el día en que vuelve el paciente.",
    "Send why the patient is snoozed.": "Envíe por qué se pospone al paciente.",
    "Only a snoozed patient returns on a day.": "Solo un paciente pospuesto vuelve en un día.",
    "Say why it was given on its day.": "Indique por qué se administró ese día.",
    "No patient of the clinic has this record number.": (
        "Ningún paciente de la clínica tiene este número de historia."
    ),
    "This is not the record number of the patient who was named for the file.": (
        "Este no es el número de historia del paciente que se indicó para el archivo."
    ),
    "This is not your present password. Check it and try again.": (
        "Esta no es su contraseña actual. Revísela e inténtelo de nuevo."
    ),
    "Send it without characters that cannot be seen: type it anew.": (
        "Envíelo sin caracteres invisibles: escríbalo de nuevo."
    ),
    "Send a moment within two years: a key that nobody renews is forgotten.": (
        "Envíe un momento dentro de los próximos dos años: una clave que nadie renueva se olvida."
    ),
}
