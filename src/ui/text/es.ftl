### Español: los mismos textos que en.ftl. De tú, llano, breve y cercano; sin signos de exclamación.

## El producto

app-name = Rialto
app-description = Un hogar para comunidades de inversores: el chat, los mercados y vuestro propio criterio en un mismo lugar.
app-start-failed = Rialto no pudo iniciarse en este navegador. Aún puedes leer; recarga la página para intentarlo de nuevo.
app-reload = Recargar

## Marco

skip-to-conversation = Saltar a la conversación
rail-label = Comunidades
views-label = Vistas
pane-channels = Canales
pane-conversation = Chat
pane-members = Miembros
pane-show-channels = Mostrar los canales
pane-show-members = Mostrar los miembros
pane-hide-members = Ocultar los miembros
close = Cerrar
cancel = Cancelar
notices-label = Avisos
theme-dark = Usar el tema oscuro
theme-light = Usar el tema claro
sign-out = Cerrar sesión
bot-badge = BOT

## Páginas por secciones

back-to-chat = Volver al chat
all-sections = Todas las secciones
skip-to-section = Saltar a la sección
with-key = { $what } ({ $key })

## Ajustes

settings-title = Ajustes
settings-profile = Perfil
profile-username-stays = El nombre de usuario no cambia: los demás te mencionan con él.
settings-appearance = Apariencia
settings-language = Idioma
settings-save = Guardar
undo = Deshacer
profile-name = Nombre visible
profile-saved = Tu nombre se ha guardado.
profile-guest = Los invitados conservan el nombre con el que llegaron. Crea una cuenta para tener una imagen y un nombre propios.
picture-title = Imagen
picture-note = PNG, JPEG, WebP o GIF de hasta 4 MB. Elige un archivo o suéltalo aquí; se recorta en un cuadrado.
picture-send = Usar esta imagen
picture-remove = Quitar la imagen
picture-removed = La imagen se ha quitado.
picture-sending = Enviando, { $percent } %
appearance-example = Así se ve
appearance-example-text = El volumen vuelve a superar su media y el cierre quedó cerca del máximo.
appearance-theme = Tema
appearance-theme-note = Noche junto al agua, o papel y tinta.
appearance-system = Como mi sistema
appearance-dark = Oscuro
appearance-light = Claro
appearance-density = Densidad
appearance-density-note = Cuánto cabe en la pantalla.
appearance-comfortable = Cómoda
appearance-compact = Compacta
appearance-prices = Colores de los precios
appearance-prices-note = Los signos y las marcas dicen lo mismo que los colores.
appearance-green-red = Verde y rojo
appearance-blue-orange = Azul y naranja
appearance-motion = Movimiento
appearance-motion-note = Si las cosas se desvanecen y se deslizan.
appearance-reduced = Nada se mueve
appearance-clock = Reloj
appearance-clock-note = Cómo se escriben las horas.
appearance-usual = Como es habitual aquí
appearance-24 = 24 horas
appearance-12 = 12 horas
appearance-zone = Zona horaria
appearance-zone-note = Empieza a escribir una ciudad, como Europe/Madrid, o una distancia como UTC+05:30. Déjalo vacío para seguir a este dispositivo.
appearance-zone-own = Como este dispositivo
language-note = Las páginas, las cifras y las fechas lo siguen. Lo que escribe la gente queda como lo escribió.
language-of-browser = Como pide mi navegador

## Tiempo

today = Hoy
yesterday = Ayer
date-full = { $weekday }, { $day } de { $month } de { $year }
date-time = { $date }, { $time }
# family: weekday-
weekday-1 = lunes
weekday-2 = martes
weekday-3 = miércoles
weekday-4 = jueves
weekday-5 = viernes
weekday-6 = sábado
weekday-7 = domingo
# family: month-
month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre
date-short = { $day } { $month } { $year }
# family: month-short-
month-short-1 = ene
month-short-2 = feb
month-short-3 = mar
month-short-4 = abr
month-short-5 = may
month-short-6 = jun
month-short-7 = jul
month-short-8 = ago
month-short-9 = sept
month-short-10 = oct
month-short-11 = nov
month-short-12 = dic
clock-am = a. m.
clock-pm = p. m.

## Iniciar sesión y registrarse

sign-in-title = Iniciar sesión
sign-in-lead = Qué bien verte de nuevo.
sign-in-name = Nombre de usuario o correo
sign-in-password = Contraseña
sign-in-submit = Iniciar sesión
sign-in-pending = Iniciando sesión
sign-in-to-register = ¿Es tu primera vez?
sign-in-register-link = Crea una cuenta
register-title = Crear una cuenta
register-lead = Una sola cuenta para el chat, los mercados y tu cartera.
register-setup-lead = Esta cuenta será la primera administradora.
register-username = Nombre de usuario
register-username-hint = El nombre que los demás ven y mencionan.
register-email = Correo
register-password = Contraseña
register-password-hint = Al menos 8 caracteres.
register-submit = Crear cuenta
register-pending = Creando tu cuenta
register-to-sign-in = ¿Ya tienes una cuenta?
register-sign-in-link = Inicia sesión
password-show = Mostrar la contraseña
password-hide = Ocultar la contraseña
strength-label = Seguridad de la contraseña
# family: strength-
strength-0 = Se adivina al instante
strength-1 = Fácil de adivinar
strength-2 = Podría ser mejor
strength-3 = Buena
strength-4 = Segura
welcome-lead = Donde los mercaderes se reunían para negociar y conversar.
welcome-text = El chat, los mercados y el criterio de tu comunidad, en un mismo lugar.

## Páginas de error

not-found-title = Aquí no hay nada
not-found-text = Quizá la dirección esté mal escrita, o lo que había aquí se haya movido o eliminado.
not-found-back = Ir a tus canales
broken-title = Algo ha fallado por nuestra parte
broken-text = Lo que enviaste antes está a salvo. Inténtalo de nuevo en un momento.
broken-retry = Intentar de nuevo
refused-title = Demasiadas peticiones
refused-retry = Intentar de nuevo

## Canales

channels-title = Canales
channel-new = Canal nuevo
channel-new-name = Nombre del canal
channel-new-hint = Breve y claro, como resultados u opciones.
channel-new-create = Crear canal
channel-delete = Eliminar canal
channel-delete-sure = Esto elimina #{ $channel } y todos sus mensajes para todos. No se puede deshacer.
channel-delete-type = Escribe { $channel } para confirmar
channel-delete-mistyped = Este no es el nombre del canal.
channel-deleted = Se eliminó #{ $channel }.
channel-unread = { $count ->
    [one] { $count } mensaje sin leer
   *[other] { $count } mensajes sin leer
}
channel-unread-many = 99+

## Miembros

members-title = Miembros
members-here = Presentes, { $count }
members-away = Ausentes, { $count }
members-more = Mostrar más miembros
member-here = presente
member-away = ausente

## Redactar

composer-label = Mensaje para { $channel }
composer-placeholder = Mensaje en #{ $channel }
composer-send = Enviar
composer-hint = Intro envía; Mayús e Intro empieza una línea nueva.
composer-too-long = { $over ->
    [one] Sobra { $over } carácter
   *[other] Sobran { $over } caracteres
}
composer-readonly = Aquí puedes leer, pero no escribir.
completions-label = Comandos
completions-instruments = Instrumentos
cashtag-chart = Abrir el gráfico

## Mensajes

message-pending = Enviando
message-failed = Este mensaje no se ha enviado.
message-retry = Intentar de nuevo
message-discard = Descartar
message-edited = editado
message-deleted = Mensaje eliminado
message-edit = Editar mensaje
message-delete = Eliminar mensaje
message-copy = Copiar texto
message-copied = Texto copiado
message-actions = Acciones del mensaje
message-save = Guardar
message-cancel = Cancelar

## Cronología

timeline-label = Mensajes de { $channel }
timeline-empty-title = Aquí empieza #{ $channel }
timeline-empty-text = Saluda, o escribe /help para ver qué saben hacer los bots.
timeline-empty-write = Escribe el primer mensaje
timeline-loading = Los mensajes están en camino
timeline-start = El principio de #{ $channel }
timeline-older = Mostrar mensajes anteriores
timeline-newer = Mostrar mensajes posteriores
unread-line = Nuevos
jump-latest = Ir a lo último
jump-latest-count = { $count ->
    [one] { $count } mensaje nuevo
   *[other] { $count } mensajes nuevos
}
typing-one = { $name } está escribiendo
typing-two = { $a } y { $b } están escribiendo
typing-many = Varias personas están escribiendo

## Buscador y teclas

finder-open = Busca lo que sea
finder-hint = Un canal, una persona, una página, algo que hacer
finder-recent = Reciente
finder-channels = Canales
finder-members = Miembros
finder-pages = Páginas
finder-actions = Acciones
finder-count = { $count ->
    [one] { $count } resultado
   *[other] { $count } resultados
}
finder-nothing = Nada coincide con «{ $query }». Prueba con menos letras, o con # para canales, @ para miembros y > para acciones.
keys-title = Teclas
keys-page = En toda la página
keys-composer = Al escribir un mensaje
keys-messages = Entre los mensajes
keys-edit = Al editar un mensaje
keys-list = En una lista abierta
key-find = Busca lo que sea
key-keys = Ver las teclas
key-channel-up = Canal anterior
key-channel-down = Canal siguiente
key-unread-up = Canal sin leer anterior
key-unread-down = Canal sin leer siguiente
key-mark-read = Al último mensaje, todo leído
key-back = Volver al chat
key-next-pane = Siguiente parte de la página
key-previous-pane = Parte anterior de la página
key-send = Enviar
key-new-line = Línea nueva
key-edit-last = Editar tu último mensaje, con el cuadro vacío
key-complete = Completar el comando elegido
key-older = Mensaje anterior
key-newer = Mensaje siguiente
key-first = Primer mensaje de la página
key-last = Último mensaje de la página
key-actions = Lo que se puede hacer con el mensaje
key-actions-back = Volver al mensaje
key-edit = Editar tu mensaje
key-delete = Eliminar tu mensaje
key-copy = Copiar el texto
key-to-composer = Volver a escribir
key-save-edit = Guardar
key-leave-edit = Dejarlo como estaba
key-above = Entrada anterior
key-below = Entrada siguiente
key-take = Elegir
key-leave = Cerrar
# family: cap-
cap-ctrl = Ctrl
cap-shift = Mayús
cap-enter = Intro
cap-escape = Esc
cap-tab = Tab
cap-home = Inicio
cap-end = Fin
cap-delete = Supr
cap-backspace = Retroceso

## Conexión

connection-lost = Se ha perdido la conexión. Lo que escribas se guarda y se envía en cuanto vuelva.
offline = Estás sin conexión. Lo que escribas se guarda y se envía después.
reload-needed = Hay una versión nueva. Recarga la página para continuar.

## Instalada y sin conexión

channel-unknown = Canal desconocido
channel-away-title = Este canal necesita la conexión
channel-away-text = Se abre en cuanto vuelva la conexión. Mientras tanto puedes leer los canales que ya tenías abiertos.
members-were-here = Aquí antes de perder la conexión, { $count }
member-unknown = no se sabe si está aquí
new-build = Hay una versión nueva. Lo que estás escribiendo se conserva.
later = Más tarde
install-app = Instalar la aplicación
screenshot-label = Un canal con sus mensajes, cotizaciones y miembros
offline-title = Sin conexión
offline-reason = No tienes conexión.
offline-away = Ahora mismo no se puede llegar a Rialto.
offline-updated = Actualizado por última vez: { $time }.
offline-back = Ya se puede llegar a Rialto.
offline-on = Continuar
offline-writing = Lo que escribas se guarda y se envía cuando vuelvas, como
offline-waiting = Espera a enviarse
offline-nothing-title = Aquí no hay nada que leer todavía
offline-nothing-text = Los canales que has leído en este dispositivo se pueden seguir leyendo sin red. Todavía no hay ninguno.

## Errores; los valores son los detalles del error
# family: error-

error-malformed = No se ha podido entender. Revisa lo que has escrito e inténtalo de nuevo.
error-unauthenticated = Inicia sesión para hacer esto.
error-forbidden = Aquí no puedes hacer esto.
error-not-found = Aquí no hay nada. Quizá se haya eliminado.
error-unavailable = Esto no está disponible ahora mismo. Inténtalo de nuevo en un momento.
error-busy = El servidor está ocupado. Inténtalo de nuevo en un momento.
error-storage-full = El disco de esta instancia está lleno, así que no se guardó nada. Puedes seguir leyendo; avisa a quienes la administran.
error-internal = Algo ha fallado por nuestra parte. No ha cambiado nada; inténtalo de nuevo en un momento.
error-conflict = Alguien ha cambiado esto entretanto. Recarga la página e inténtalo de nuevo.
error-rate-limited = { $seconds ->
    [one] Has ido un poco deprisa. Inténtalo de nuevo en { $seconds } segundo.
   *[other] Has ido un poco deprisa. Inténtalo de nuevo en { $seconds } segundos.
}
error-rate-limited-soon = Has ido un poco deprisa. Inténtalo de nuevo en un momento.
error-method-not-allowed = Esta dirección no admite ese tipo de petición.
error-too-large = Es más de lo que podemos admitir. Redúcelo e inténtalo de nuevo.
error-uri-too-long = Esta dirección es demasiado larga. Acórtala e inténtalo de nuevo.
error-unsupported-media-type = Aquí no se entiende ese tipo de archivo o de datos.
error-cross-origin = Esta petición venía de otro sitio y se ha detenido. Abre la página otra vez e inténtalo desde aquí.
error-bad-idempotency-key = No se puede leer la clave de esta petición. Recarga la página e inténtalo de nuevo.
error-idempotency-key-reused = Tu primer intento se guardó; estos cambios, no. Revísalo y vuelve a enviarlos si aún hacen falta.
error-bad-limit = El número de elementos debe estar entre 1 y { $max }.
error-bad-cursor = Esta lista ha cambiado. Recarga la página para verla desde el principio.
error-message-empty = Primero escribe algo.
error-message-too-long = { $max ->
    [one] Un mensaje admite como mucho { $max } carácter.
   *[other] Un mensaje admite como mucho { $max } caracteres.
}
error-message-characters = Este mensaje contiene caracteres que no se pueden mostrar. Quítalos e inténtalo de nuevo.
error-message-marks = Demasiados acentos en una letra. Quita algunos e inténtalo de nuevo.
error-nonce-used = Otro mensaje tiene el mismo identificador. Envía este de nuevo.
error-message-rate = { $seconds ->
    [one] Podrás volver a enviar en { $seconds } segundo.
   *[other] Podrás volver a enviar en { $seconds } segundos.
}
error-name-empty = Escribe un nombre.
error-name-too-long = { $max ->
    [one] Un nombre admite como mucho { $max } carácter.
   *[other] Un nombre admite como mucho { $max } caracteres.
}
error-name-characters = Los nombres no llevan caracteres invisibles, y pocos acentos en una misma letra.
error-channel-exists = Ya hay un canal con este nombre. Elige otro.
error-channel-in-use = Otros miembros han escrito en este canal. Pide a un administrador que lo elimine.
error-last-channel = Una comunidad conserva al menos un canal.
error-invalid-credentials = El nombre o la contraseña no son correctos. Revisa ambos e inténtalo de nuevo.
error-missing-fields = Rellena todos los campos para continuar.
error-username-taken = Este nombre de usuario, o uno que se le parece, ya está en uso. Elige otro.
error-username-characters = Usa letras, cifras, puntos, guiones y guiones bajos.
error-username-length = Un nombre de usuario tiene entre { $min } y { $max } caracteres.
error-username-reserved = Este nombre de usuario está reservado para la casa. Elige otro.
error-email-taken = Ya hay una cuenta con este correo. Inicia sesión con ella.
error-email-invalid = Esto no parece una dirección de correo.
error-password-too-short = { $min ->
    [one] Una contraseña tiene al menos { $min } carácter.
   *[other] Una contraseña tiene al menos { $min } caracteres.
}
error-password-too-long = { $max ->
    [one] Una contraseña tiene como mucho { $max } carácter.
   *[other] Una contraseña tiene como mucho { $max } caracteres.
}
error-password-common = Esta contraseña es fácil de adivinar. Elige una más larga o menos común.
error-password-needed = Introduce tu propia contraseña.
error-setup-token-wrong = Este enlace de instalación no es válido o ya se usó. Usa el último que mostró el servidor, o regístrate sin él.
error-too-many-attempts = { $seconds ->
    [one] Demasiados intentos en poco tiempo. Inténtalo de nuevo en { $seconds } segundo.
   *[other] Demasiados intentos en poco tiempo. Inténtalo de nuevo en { $seconds } segundos.
}
error-too-many-guesses = Demasiados intentos fallidos en esta cuenta. Entra desde una red que ya usaste, cambia la contraseña con un enlace o inténtalo mañana.
error-registration-closed = Aquí no se admiten cuentas nuevas. Pide una a quienes llevan este lugar.
error-guests-off = Aquí no se puede entrar como invitado. Crea una cuenta para participar.
error-bad-preference = Esa no es una de las opciones. Recarga la página y elige de nuevo.
error-bad-zone = Esa zona horaria no existe. Elige una de la lista o una distancia como UTC+05:30.
error-picture-broken = Esta imagen no se puede leer. Guárdala de nuevo o elige otra.
error-picture-missing = Primero elige una imagen.
error-picture-too-large = Una imagen tiene como mucho 4 MB. Redúcela e inténtalo de nuevo.
error-picture-too-wide = Una imagen tiene como mucho { $max } píxeles por lado. Redúcela e inténtalo de nuevo.
error-picture-too-many-pixels = Esta imagen tiene demasiados píxeles. Hazla más pequeña e inténtalo de nuevo.
error-too-many-values = Son más de { $max } valores. Elige un periodo más corto o menos indicadores.
error-picture-unknown = Esto no es una imagen que se pueda mostrar aquí. Elige un archivo PNG, JPEG, WebP o GIF.
error-name-in-use = Alguien de aquí ya tiene este nombre. Elige otro.
error-session-ended = Se ha cerrado tu sesión. Inicia sesión para continuar.
error-password-wrong = Esta no es tu contraseña actual. Revísala e inténtalo de nuevo.
error-no-password = Esta cuenta entra sin contraseña, así que no hay nada que confirmar.

## Bots

command-stock = El último precio conocido de una acción
command-chart = El curso de una acción como imagen
command-compare = Hasta cinco acciones, una al lado de otra
command-call = Lo que esperas de un precio; se evalúa cuando llega su fecha
command-alert = Que se te avise cuando llegue un precio, un cambio o un indicador
command-help = Lo que puedes pedir a los bots
quote-open = Apertura
quote-high = Máximo
quote-low = Mínimo
quote-volume = Volumen
# family: quote-source-
quote-source-sample = muestra { $date }
quote-source-replay = repetición { $date }
quote-source-folder = cierre { $date }, archivos propios
quote-source-stooq = stooq { $date }, con retraso
quote-source-alpha_vantage = Alpha Vantage { $date }, cierre
quote-source-massive = Massive { $date }, cierre
bot-no-quote = No hay cotización de { $symbol }.
bot-no-quote-nameless = No hay cotización para eso.
bot-no-quote-hint = Prueba con un código como AAPL.US o MSFT.US.
bot-market-unavailable = Los precios no están disponibles ahora mismo.
bot-market-unavailable-hint = Vuelve a preguntar por { $symbol } dentro de unos minutos.
bot-which-one = Di cuál:
bot-how-to = Se escribe así:
bot-chart-alt = { $symbol } del { $from } al { $to }: de { $first } a { $last } ({ $change }), mínimo { $low }, máximo { $high }; { $source }
bot-compare-title = { $symbols } del { $from } al { $to }
bot-compare-return = Rentabilidad
bot-compare-volatility = Volatilidad
bot-compare-fall = Mayor caída
bot-rating-title = Valoración técnica:
rating-strong-buy = compra clara
rating-buy = compra
rating-neutral = neutra
rating-sell = venta
rating-strong-sell = venta clara
rating-record = { $days ->
    [one] Tras { $days } día estas valoraciones acertaron el { $rate } de las veces; el precio fue en esa dirección tras cualquier día el { $base } de las veces.
   *[other] Tras { $days } días estas valoraciones acertaron el { $rate } de las veces; el precio fue en esa dirección tras cualquier día el { $base } de las veces.
}
rating-no-edge = Eso no muestra nada que no pueda ser azar.
call-long = sube
call-short = baja
call-until = hasta el { $date }
call-close = Último cierre
call-entry = Empieza
call-entry-rule = en la próxima apertura
call-record = Historial hasta ahora
call-record-few = { $n ->
    [0] Ningún pronóstico evaluado aún
    [one] { $n } pronóstico evaluado: muy pocos para saber
   *[other] { $n } pronósticos evaluados: muy pocos para saber
}
call-record-of = { $n ->
    [one] { $n } pronóstico, se cumplió el { $rate } (del { $low } al { $high }); era de esperar el { $base }
   *[other] { $n } pronósticos, se cumplió el { $rate } (del { $low } al { $high }); era de esperar el { $base }
}
error-no-common-days = No hay días con precios de todas en este tiempo.
error-bad-symbol = Un símbolo tiene de 1 a { $max } letras, cifras o . - ^ =
error-unknown-symbol = No hay precio para { $symbol }. Revisa el código.
error-market-sign-in = Estos precios no están guardados aquí. Inicia sesión para que se consulten.
error-market-unavailable = Los precios no están disponibles ahora mismo. Inténtalo de nuevo dentro de unos minutos.
message-delete-sure = El mensaje desaparece para todos. No se puede deshacer.
error-too-many-channels = { $max ->
    [one] Una comunidad tiene como mucho { $max } canal.
   *[other] Una comunidad tiene como mucho { $max } canales.
}
error-bad-nonce = Este mensaje no se ha podido enviar. Recarga la página e inténtalo de nuevo.
error-too-many-connections = Esta cuenta está abierta en demasiadas ventanas. Cierra algunas y recarga.
error-too-many-connections-address = Hay demasiadas conexiones desde tu red. Cierra algunas o inténtalo de nuevo en un momento.
error-too-many-topics = Hay demasiados canales abiertos a la vez. Recarga la página.
error-too-many-own-channels = { $max ->
    [one] Puedes crear como máximo { $max } canal. Elimina uno antes.
   *[other] Puedes crear como máximo { $max } canales. Elimina uno antes.
}
error-unknown-command = Esta página y el servidor no encajan. Recarga la página.
error-hello-first = Esta página y el servidor no encajan. Recarga la página.
error-reload = Hay una versión nueva. Recarga la página para continuar.
error-account-gone = Esta cuenta ya no está aquí.
error-account-unknown = No hay ninguna cuenta con este nombre.
error-name-reserved = Este nombre está reservado para la casa. Elige otro.
error-slow-down = { $seconds ->
    [one] Has ido un poco deprisa. Inténtalo de nuevo en { $seconds } segundo.
   *[other] Has ido un poco deprisa. Inténtalo de nuevo en { $seconds } segundos.
}
error-token-expired = Tu sesión ha caducado. Inicia sesión para continuar.
error-token-invalid = No se ha podido leer tu sesión. Inicia sesión para continuar.
error-username-too-short = { $min ->
    [one] Un nombre de usuario tiene al menos { $min } carácter.
   *[other] Un nombre de usuario tiene al menos { $min } caracteres.
}

## Keeping an account

error-second-factor-required = Esta cuenta pide además un código. Abre tu aplicación de autenticación.
error-second-factor-wrong = Este código no es correcto o ya se ha usado. Espera al siguiente e inténtalo de nuevo.
error-second-factor-on = La verificación en dos pasos ya está activada. Recarga la página para verlo.
error-second-factor-off = La verificación en dos pasos ya está desactivada. Recarga la página para verlo.
error-second-factor-not-begun = Has empezado esta configuración de nuevo en otro sitio. Vuelve a empezar aquí.
error-challenge-over = Ha pasado demasiado tiempo. Escribe otra vez tu contraseña.
error-account-leaving = Esta cuenta está a punto de eliminarse. Inicia sesión en la página para conservarla.
error-last-operator = Eres la única persona que lleva este lugar. Di quién toma el relevo.
error-successor-unknown = Aquí no hay otra persona con este nombre. Revísalo e inténtalo de nuevo.
error-messages-keep-or-delete = Elige qué pasa con tus mensajes.
account-deleted = Cuenta eliminada
done-ended = Esta sesión se ha cerrado. Inicia sesión para continuar.
done-left = Tu cuenta está en camino de eliminarse. Para conservarla, inicia sesión aquí antes de que acabe el plazo.
done-deleted = Tu cuenta se ha eliminado. Gracias por haber estado aquí.
settings-sessions = Sesiones
settings-security = Seguridad
settings-data = Tus datos

## Sessions

sessions-lead = Todos los dispositivos con una sesión abierta en tu cuenta. Cierra las que no conozcas o ya no uses; se cierran al instante.
sessions-alone = Solo tienes la sesión abierta en este dispositivo.
sessions-end-others = Cerrar las demás sesiones
session-current = Este dispositivo
session-end = Cerrar
session-end-of = Cerrar la sesión de { $device }
session-last-used = Último uso:
session-since = Inicio de sesión:
device-app-on-system = { $app } en { $system }
device-unknown = Dispositivo desconocido

## Security

password-title = Contraseña
password-lead = Con una contraseña nueva se cierra la sesión en tus demás dispositivos. Este sigue abierto.
password-current = Contraseña actual
password-new = Contraseña nueva
password-submit = Cambiar la contraseña
password-changed = Tu contraseña ha cambiado y tus demás dispositivos han cerrado la sesión.
second-factor-title = Verificación en dos pasos
second-factor-lead = Solo con tu contraseña no entra nadie: al iniciar sesión se pide además un código que muestra una aplicación en tu teléfono. Sirve cualquier aplicación de autenticación.
second-factor-needs-script = Para activarla, tu navegador necesita JavaScript.
second-factor-begin = Configurar la verificación en dos pasos
second-factor-scan = Escanea esto con tu aplicación de autenticación.
second-factor-qr = Código QR para tu aplicación de autenticación
second-factor-type = O escribe en ella esta clave:
second-factor-open = Abrir una aplicación en este dispositivo
second-factor-first-code = Escribe el código que muestra ahora la aplicación.
second-factor-code = Código
second-factor-code-hint = Las seis cifras que muestra tu aplicación, o un código de recuperación.
second-factor-confirm = Activar
second-factor-is-on = La verificación en dos pasos está activada.
second-factor-off = Desactivar la verificación en dos pasos
second-factor-off-lead = Tu contraseña bastará para iniciar sesión.
second-factor-turned-off = La verificación en dos pasos está desactivada.
recovery-title = Códigos de recuperación
recovery-lead = La verificación en dos pasos está activada con estos códigos de recuperación. Cada uno te deja entrar una vez cuando no tengas el teléfono. Guárdalos en un lugar seguro: no se vuelven a mostrar.
recovery-copy = Copiar
recovery-copied = Códigos de recuperación copiados
recovery-download = Guardar como archivo
recovery-print = Imprimir
recovery-kept = Ya los he guardado
recovery-left = { $count ->
    [one] Queda { $count } código de recuperación.
   *[other] Quedan { $count } códigos de recuperación.
}
recovery-renew = Crear códigos de recuperación nuevos
recovery-renew-lead = Los anteriores dejan de funcionar.
recovery-renew-submit = Crear códigos nuevos
code-title = Escribe un código
code-lead = Tu contraseña es correcta. Falta un paso.
code-back = Empezar de nuevo

## Your data

copy-title = Llevarte una copia
copy-lead = Tu perfil, tus sesiones y todo lo que has escrito, en un archivo ZIP: para leer en un navegador y en JSON para programas.
copy-request = Preparar una copia
copy-again = Preparar una copia nueva
copy-preparing = Tu copia se está preparando. Puedes salir de esta página.
copy-progress = { $done } de { $total } líneas escritas. Puedes salir de esta página.
copy-failed = No se ha podido hacer la copia. No se ha perdido nada; inténtalo de nuevo en un momento.
copy-download = Descargar la copia
copy-size = Unos { $size } kB.
copy-until = Se puede descargar hasta
leave-title = Eliminar la cuenta
leave-lead = { $days ->
    [0] Tu cuenta se elimina al instante. No se puede deshacer.
    [one] Se cierra tu sesión en todas partes al instante y tienes { $days } día para cambiar de idea: inicia sesión otra vez para conservar la cuenta. Hasta entonces, los demás no notan nada.
   *[other] Se cierra tu sesión en todas partes al instante y tienes { $days } días para cambiar de idea: inicia sesión otra vez para conservar la cuenta. Hasta entonces, los demás no notan nada.
}
leave-what-goes = Después se borran tu perfil, tu correo, tus ajustes y tus sesiones. Nadie más recibirá nunca tu nombre de usuario, para que nadie pueda hacerse pasar por ti.
leave-messages = ¿Qué pasa con tus mensajes?
leave-messages-keep = Se quedan
leave-messages-keep-hint = Como «Cuenta eliminada», para que las conversaciones se puedan seguir leyendo.
leave-messages-delete = Se eliminan también
leave-messages-delete-hint = En su lugar queda una línea vacía.
leave-successor = ¿Quién lleva este lugar después de ti?
leave-successor-hint = Un nombre de usuario o un correo; hace falta si nadie más lo lleva.
leave-submit = Eliminar mi cuenta
come-back-title = ¿Conservar tu cuenta?
come-back-lead = Pediste eliminar esta cuenta.
come-back-until = Se eliminará el
come-back-submit = Conservar mi cuenta
come-back-not = Dejar que se elimine

## At the door

sign-in-forgot = ¿Has olvidado tu contraseña?
register-invite = Código de invitación
register-invite-hint = Lo tiene quien te ha invitado.
forgot-title = ¿Has olvidado tu contraseña?
forgot-lead = Recibes un enlace con el que pones una nueva.
forgot-submit = Enviar el enlace
forgot-sent = Si hay una cuenta con esta dirección, le llegará un enlace en un momento. Vale durante un día; mira también en el correo no deseado.
forgot-ask = Este lugar no envía correo. Pide un enlace a quienes lo llevan: pueden crearlo para ti.
forgot-back = Volver a iniciar sesión
reset-title = Pon una contraseña nueva
reset-lead = Para la cuenta de { $name }.
reset-password = Contraseña nueva
reset-note = Se cerrarán todas las sesiones abiertas de esta cuenta.
reset-submit = Guardar la contraseña
reset-done = Tu contraseña está guardada. Inicia sesión con ella.
reset-over-title = Este enlace ya no vale
reset-over-next = Pedir uno nuevo
error-reset-over = Este enlace ya se ha usado o es demasiado antiguo. Pide uno nuevo.
error-mail-off = Este lugar no envía correo. Pide un enlace a quienes lo llevan.
error-invite-needed = Aquí hace falta un código de invitación. Pídelo a alguien que ya esté.
error-invite-wrong = Este no es el código de invitación. Revísalo e inténtalo de nuevo.
error-account-suspended = Esta cuenta está suspendida. Pregunta a quienes llevan este lugar.

## Letters

mail-reset-subject = Una contraseña nueva para { $instance }
mail-hello = Hola, { $name }:
mail-reset-text = alguien, probablemente tú, ha pedido una contraseña nueva para tu cuenta en { $instance }.
mail-reset-link = Poner una contraseña nueva
mail-reset-once = El enlace funciona una sola vez y durante un día.
mail-reset-ignore = Si no has sido tú, no tienes que hacer nada: sin el enlace nadie puede cambiar tu contraseña.
mail-factor-removed-subject = Se quitó la verificación en dos pasos de tu cuenta en { $instance }
mail-factor-removed-text = un administrador de { $instance } quitó la verificación en dos pasos de tu cuenta. Ahora basta tu contraseña para iniciar sesión.
mail-reset-made-subject = Un enlace de contraseña para tu cuenta en { $instance }
mail-reset-made-text = un administrador de { $instance } creó un enlace para poner una contraseña nueva en tu cuenta. El enlace sirve una vez, durante un día.
mail-security-link = Revisa tus ajustes de seguridad
mail-security-not-you = Si no lo pediste, pregunta a los administradores.

## For operators

operator-title = Este lugar
operator-accounts = Cuentas
operator-settings = Ajustes
operator-health = Estado
operator-record = Registro
operator-search = Busca un nombre o una dirección
operator-find = Buscar
table-loading = Cargando
operator-no-accounts = No hay ninguna cuenta así. Prueba con una parte del nombre.
operator-more-accounts = Mostrar cuentas más antiguas
operator-is-operator = operador
operator-is-suspended = suspendida
operator-is-guest = invitado
operator-has-factor = dos pasos
operator-created = Creada
operator-last-seen = Vista por última vez
operator-never = nunca
operator-sessions = Sesiones
operator-actions = Acciones
operator-actions-of = Acciones para { $name }
operator-reset-link = Crear un enlace de contraseña
operator-end-sessions = Cerrar todas las sesiones
operator-suspend = Suspender
operator-unsuspend = Volver a dejar entrar
operator-make-operator = Hacer operador
operator-unmake-operator = Quitar como operador
operator-remove-factor = Quitar el segundo paso
operator-own-password = Tu contraseña
operator-link-made = Dale este enlace a { $name }. Solo se muestra ahora.
operator-link-once = Funciona una sola vez y durante un día; los enlaces anteriores ya no valen.
error-only-operator = Nadie más lleva este lugar. Haz operador a otra persona primero.
error-not-yourself = No puedes suspenderte a ti mismo.
error-not-a-person = Esto solo es posible con cuentas de personas.
instance-note = Lo que cambias aquí vale al momento para todos, en lugar de lo que dice Leptos.toml.
instance-save = Guardar
instance-saved = Guardado. Vale desde ahora.
instance-file-value = Leptos.toml dice: { $value }
instance-nothing = nada
instance-back = Volver al valor del archivo
operator-yes = sí
operator-no = no
# family: instance-setting-
instance-setting-name = Nombre
instance-setting-description = Descripción
instance-setting-registration = Cuentas nuevas
instance-setting-invite_code = Código de invitación
instance-setting-guests = Invitados
instance-setting-message_count = Mensajes de una persona
instance-setting-message_seconds = En tantos segundos
instance-setting-message_length = Mensaje más largo
instance-setting-language = Idioma
# family: instance-hint-
instance-hint-name = Cómo se llama este lugar. Se ve antes de iniciar sesión.
instance-hint-description = Una frase sobre qué es este lugar.
instance-hint-registration = Quién puede crear una cuenta.
instance-hint-invite_code = Lo que escriben los invitados al registrarse: de 6 a 64 letras, cifras y signos.
instance-hint-guests = Los invitados entran solo con un nombre y se quedan un día.
instance-hint-message_count = Tantos mensajes puede enviar una persona en el tiempo de abajo.
instance-hint-message_seconds = De 1 a 3600.
instance-hint-message_length = En caracteres, hasta 4000.
instance-hint-language = Para quienes tienen el navegador en un idioma que no hay aquí.
guests-may = Se puede entrar como invitado
registration-open = Cualquiera
registration-invite = Quien tenga el código de invitación
registration-shut = Nadie
# family: instance-language-
instance-language-en = English
instance-language-es = Español
error-setting-text = Entre { $min } y { $max } caracteres, sin espacios en los extremos.
error-setting-figure = Un número entero de { $min } a { $max }.
error-setting-invite = Un código de invitación tiene de { $min } a { $max } letras, cifras y signos.
error-setting-language = Aquí no hay ese idioma. Elige uno de la lista.
error-setting-unknown = No hay ningún ajuste con este nombre.
health-well = Todo va bien.
health-unwell = No se puede escribir en la base de datos. Mira el disco y el registro del servidor.
health-version = Versión
health-build = Compilación
health-uptime = En marcha desde hace
health-database = Base de datos
health-queue = Cambios en espera
health-connections = Conexiones abiertas
health-topics = Temas escuchados
health-people = Personas con cuenta
health-checked = Última comprobación de la base de datos
health-workers = Procesos en segundo plano
health-worker-down = reiniciando
health-restarts = { $count ->
    [one] { $count } reinicio
   *[other] { $count } reinicios
}
health-backup = Última copia
health-no-backup = ninguna todavía; ejecuta «rialto backup»
health-letters = Cartas
health-mail-off = no hay servidor de correo
health-mail = { $waiting } en espera, { $failed } abandonadas
health-mail-last = El servidor de correo dijo: { $what }
health-at = A fecha de
uptime-minutes = { $minutes ->
    [one] { $minutes } minuto
   *[other] { $minutes } minutos
}
uptime-hours = { $hours } h { $minutes } min
uptime-days = { $days } d { $hours } h { $minutes } min
record-note = Lo que han hecho los operadores, y lo que deben saber. Nunca se cambia nada de esto.
record-empty = Todavía no se ha hecho nada.
record-more = Mostrar entradas más antiguas
record-gone = una cuenta eliminada
record-command-line = La línea de comandos
record-reset-link = { $actor } ha creado un enlace de contraseña para { $subject }
record-password-reset = { $actor } ha puesto una contraseña nueva con un enlace
record-sessions-ended = { $actor } ha cerrado todas las sesiones de { $subject }
record-suspended = { $actor } ha suspendido a { $subject }
record-unsuspended = { $actor } ha vuelto a dejar entrar a { $subject }
record-operator-made = { $actor } ha hecho operador a { $subject }
record-operator-unmade = { $actor } ha quitado a { $subject } como operador
record-factor-removed = { $actor } ha quitado el segundo paso de { $subject }
record-setting-changed = { $actor } ha cambiado un ajuste: { $detail }
record-setting-reset = { $actor } ha vuelto al valor del archivo: { $detail }
record-channel-deleted = { $actor } eliminó el canal #{ $detail }

## Cartera

portfolio-title = Cartera
portfolio-holdings = Posiciones
portfolio-performance = Rendimiento
portfolio-transactions = Operaciones
portfolio-portfolios = Carteras
portfolio-import = Importar y exportar
portfolio-empty = ¿Qué tienes?
portfolio-empty-note = Anota tu primera compra. Desde entonces esta página muestra cuánto vale, cuánto ganó y cómo se calculó.
portfolio-empty-import = O trae lo que anotaste en otro sitio.
portfolio-add-title = Añadir una operación
portfolio-edit-title = Cambiar esta operación
portfolio-add = Añadir
portfolio-added = La operación está anotada.
portfolio-edited = La operación ha cambiado, y todo lo que depende de ella.
portfolio-unrealised = Ganancia de lo que se tiene
portfolio-day = Último día
portfolio-realised = Ganancia de lo vendido
portfolio-income = Dividendos menos comisiones
portfolio-cash = Efectivo
portfolio-cash-negative = Se gastó más de lo que se puso. Puede faltar un ingreso.
portfolio-age-sample = Precios de muestra del { $date }: reales, pero antiguos. Sirven para probar.
portfolio-age-replay = Precios del { $date }, reproducidos: reales, pero antiguos, y en movimiento como si fuera ahora.
portfolio-age-folder = Precios al cierre del { $date } o posteriores, de los archivos del operador.
portfolio-age-stooq = Precios del { $date } o posteriores, de stooq.
portfolio-age-alpha_vantage = Precios al cierre del { $date } o posteriores, de Alpha Vantage.
portfolio-age-massive = Precios al cierre del { $date } o posteriores, de Massive.
portfolio-no-prices = Algunos precios no se conocen ahora; en su lugar valen los de las últimas operaciones.
portfolio-currencies = Los precios de lo que tienes están en monedas distintas: { $currencies }. Las sumas de estas páginas las añaden tal cual, así que dicen poco. Lleva una cartera por cada moneda.
portfolio-instrument = Instrumento
portfolio-average = Coste medio
portfolio-price = Precio
portfolio-value = Valor
portfolio-gain = Ganancia
portfolio-weight = Parte
portfolio-sold = vendido
portfolio-take-out-of = Sacar { $symbol } sin venderlo
portfolio-taken-out = { $symbol } está fuera. Sus operaciones ya no cuentan.
portfolio-bring-back = Devolver
portfolio-bring-back-of = Devolver { $symbol }
portfolio-sectors = Por sector
portfolio-sector = Sector
portfolio-concentration = Concentración (suma de los cuadrados de las partes): { $index }, tanto como { $equal } partes iguales.
portfolio-lots-of = Lotes de { $symbol }
portfolio-by-fifo = Lo que se compró primero se vende primero.
portfolio-by-average = Todas las unidades han costado su media.
portfolio-bought = Comprado
portfolio-each = Cada una
portfolio-cost = Coste
portfolio-sales = Ventas
portfolio-more-lots = Ver más lotes
portfolio-more-sales = Ver más ventas
portfolio-proceeds = Obtenido
sector-communication = Servicios de comunicación
sector-discretionary = Consumo discrecional
sector-staples = Consumo básico
sector-energy = Energía
sector-financials = Finanzas
sector-health = Salud
sector-industrials = Industria
sector-technology = Tecnología de la información
sector-materials = Materiales
sector-real-estate = Inmobiliario
sector-utilities = Servicios públicos
sector-unknown = Sector desconocido
entry-kind = Tipo
entry-symbol = Símbolo
entry-date = Día
entry-quantity = Unidades
entry-price = Precio de cada una
entry-fee = Comisión
entry-amount = Importe
entry-from = Unidades antiguas
entry-to = Unidades nuevas
entry-note = Nota
transaction-buy = Compra
transaction-sell = Venta
transaction-dividend = Dividendo
transaction-fee = Comisión
transaction-split = División
transaction-deposit = Ingreso
transaction-withdrawal = Retirada
transactions-empty = Aquí no hay operaciones todavía.
transactions-search = Símbolo
transactions-more = Mostrar operaciones anteriores
transactions-total = Total
transactions-removed = fuera
transactions-edit = Cambiar
transactions-delete = Borrar
transactions-deleted = La operación ya no está.
performance-empty = El rendimiento empieza con la primera operación.
performance-benchmark = Símbolo para comparar
performance-compare = Comparar
performance-without-prices = No hay precios de { $symbols }: valen los de sus últimas operaciones.
performance-priced-since = Los precios empiezan después de la primera operación: { $list }. Hasta entonces valen los de tus propias operaciones. El día del cambio cuenta en la rentabilidad, y no en el riesgo.
performance-priced-item = { $symbol } desde el { $date }
performance-priced-more = { $list } y { $count } más
performance-returns = Rentabilidad
performance-span = Del { $from } al { $to }.
performance-with-cash = El efectivo cuenta: los ingresos y las retiradas son el dinero que entra y sale.
performance-without-cash = No se lleva efectivo: cada compra pone dinero, cada venta y dividendo lo saca.
performance-lacking = Se gastaron hasta { $money } más de lo ingresado: puede faltar un ingreso. Lo que faltaba cuenta como ingresado ese día, y como devuelto con lo que entró después.
performance-gain = Ganancia
performance-simple = Rentabilidad simple
performance-time-weighted = Rentabilidad ponderada por tiempo
performance-yearly = La misma por un año
performance-money-weighted = Rentabilidad ponderada por dinero (TIR)
performance-same-money = El mismo dinero en otro lugar
performance-risk = Riesgo
performance-too-few = { $count ->
    [one] Hay una rentabilidad diaria; hacen falta { $least } para decir algo.
   *[other] Hay { $count } rentabilidades diarias; hacen falta { $least } para decir algo.
}
performance-volatility = Volatilidad de un año
performance-drawdown = Mayor caída
performance-sharpe = Ratio de Sharpe
performance-sortino = Ratio de Sortino
performance-var = Un día de cada veinte es peor que
performance-beta = Beta
performance-put-in = Dinero puesto
performance-return = Rentabilidad
performance-measures = Qué se dibuja
performance-chart = Valor desde el { $from } ({ $first }) hasta el { $to } ({ $last })
formula-gain = { $value } de valor ahora + { $out } sacado − { $in } puesto
formula-simple = ({ $value } + { $out } − { $in }) ÷ { $in }
formula-time-weighted = Producto de { $count } rentabilidades diarias (valor + sacado) ÷ (valor anterior + puesto), menos 1. No importa cuánto dinero había.
formula-yearly = (1 { $total }) elevado a 365 ÷ { $days } días, menos 1
formula-no-year = Se da a partir de un año; esta cartera tiene { $days } días.
formula-money-weighted = La tasa anual con la que todo lo que entró y salió, y el valor de hoy, suman nada. No está definida si todo el dinero fue en un sentido.
formula-money-short = La tasa anual con la que todo lo que entró y salió, y el valor de hoy, suman nada. De { $days } días: lo que dieron se extiende a un año entero. No está definida si todo el dinero fue en un sentido.
formula-same-money = Lo que valdría el mismo dinero en los mismos días en { $symbol }, que rindió { $return }. Los desdoblamientos cuentan, sus dividendos no.
formula-volatility = Desviación de { $count } rentabilidades diarias × √252
formula-drawdown = Desde el máximo del { $from } hasta el { $to }, del índice ponderado por tiempo
formula-no-drawdown = Todavía no ha caído.
formula-sharpe = √252 × media ÷ desviación de las rentabilidades diarias, con una tasa sin riesgo de 0
formula-sortino = √252 × media de las rentabilidades diarias ÷ raíz de la media de los cuadrados de las que son menores que 0
formula-var = Cuantil del 5 % de { $count } rentabilidades diarias
formula-beta = Covarianza con las rentabilidades diarias de { $symbol } ÷ su varianza
portfolios-note = Cada cartera tiene sus propias operaciones. Nadie más que tú las ve.
portfolios-new = Cartera nueva
portfolios-make = Crearla
portfolios-made = La cartera está creada.
portfolios-saved = Guardado.
portfolios-deleted = La cartera ya no está.
portfolios-name = Nombre
portfolios-method = Coste de lo vendido
portfolios-fifo = Primero en entrar, primero en salir
portfolios-average = Coste medio
portfolios-delete = Borrar esta cartera
portfolios-csv = Guardar como CSV
portfolios-json = Guardar como JSON
portfolios-type-name = Con ella se van todas sus operaciones y no se pueden recuperar. Escribe { $name } para seguir.
portfolios-transactions = { $count ->
    [one] Una operación
   *[other] { $count } operaciones
}
import-lead = Trae operaciones de otro programa, o llévate las tuyas.
import-no-portfolio = Todavía no hay ninguna cartera para las operaciones. Crea una primero.
import-into = En { $name }
import-note = CSV o JSON de hasta { $max } MB. Elige un archivo o suéltalo aquí; verás lo que traería antes de que cambie nada.
import-needs-scripts = Un archivo se mira antes de importarlo, y eso necesita scripts. Sin ellos lo pueden enviar los programas: mira la API.
import-where = ¿De dónde saco un archivo?
import-ghostfolio = Ghostfolio: Portfolio, Activities, y en el menú de los tres puntos, Export activities. Escribe JSON.
import-wealthfolio = Wealthfolio: Settings, Exports, y Activities como CSV.
import-own = Rialto: los dos botones al final de esta página.
import-other = Una tabla tuya: la primera línea nombra las columnas date, type, symbol, quantity, price y fee; amount para dividendos, comisiones, ingresos y retiradas.
import-progress = Cómo va el archivo
import-sending = Enviando, { $percent } %
import-reading = Leyendo el archivo
import-taking = Importando el archivo
import-writing = { $done } de { $total } operaciones escritas
import-fresh = { $count ->
    [0] Nada nuevo
    [one] Una operación nueva
   *[other] { $count } operaciones nuevas
}
import-known = { $count ->
    [0] Ningún duplicado
    [one] Un duplicado que se deja fuera
   *[other] { $count } duplicados que se dejan fuera
}
import-refused = { $count ->
    [0] Ninguna línea con errores
    [one] Una línea con un error
   *[other] { $count } líneas con errores
}
import-unasked = { $count ->
    [one] Los precios de un instrumento aún no se han pedido. Llegan, con sus desdoblamientos, al mirar la cartera
   *[other] Los precios de { $count } instrumentos aún no se han pedido. Llegan, con sus desdoblamientos, al mirar la cartera
}
import-additions = { $count ->
    [one] Una operación nueva
   *[other] { $count } operaciones nuevas
}
import-there = { $count ->
    [one] Una que la cartera ya tiene
   *[other] { $count } que la cartera ya tiene
}
import-problems = { $count ->
    [one] Una línea con un error
   *[other] { $count } líneas con errores
}
import-problems-note = Estas líneas se dejan fuera. Corrígelas en el archivo y vuelve a elegirlo: lo que ya esté entonces cuenta como duplicado.
import-line = Línea
import-column = Columna
import-written = Lo que dice
import-what-to-do = Qué hacer
import-first-of = Se muestran las primeras { $shown } de { $count }.
import-duplicates = { $count ->
    [one] Importar también el duplicado: ocurrió dos veces
   *[other] Importar también los { $count } duplicados: ocurrieron dos veces
}
import-in-the-way = Este archivo no se puede importar tal como está.
import-at-line = Línea { $line }:
import-put-right = Corrige estas líneas en el archivo, o añade antes de ellas las compras que faltan, y vuelve a elegirlo.
import-rest = { $count ->
    [one] Dejar fuera la línea de { $symbols } e importar el resto
   *[other] Dejar fuera las { $count } líneas de { $symbols } e importar el resto
}
import-nothing = No hay nada que importar.
import-take = { $count ->
    [one] Importar una operación
   *[other] Importar { $count } operaciones
}
import-other-file = Elegir otro archivo
import-done = { $count ->
    [one] Una operación importada.
   *[other] { $count } operaciones importadas.
}
import-past = Archivos importados
import-past-note = Cada uno se puede deshacer entero, mientras ninguna venta necesite lo que trajo.
import-file = Archivo
import-nameless = Un archivo sin nombre
import-dividends = Dividendos anotados
import-at = Cuándo
import-brought = Operaciones
import-earlier = Ver archivos anteriores
import-undo = Deshacer
import-undo-of = Deshacer { $name }
import-undone = { $count ->
    [one] Una operación vuelve a no estar.
   *[other] { $count } operaciones vuelven a no estar.
}
import-export = Llévate las tuyas
portfolio-dividends = Dividendos
dividends-empty = Los dividendos empiezan con la primera compra.
dividends-paid = Lo que se cobró
dividends-total = Todos los dividendos
dividends-last-year = De los últimos doce meses
dividends-cost = Coste de lo que se tiene
dividends-yield = Rentabilidad sobre el coste
dividends-by-holding = Dividendos por valor
formula-dividends = Suma de los dividendos del historial, sin restar comisiones
formula-last-year = Suma de los de los 365 días hasta el { $date }
formula-yield = { $paid } ÷ { $cost }: lo que cobró cada acción en esos doce meses, por las acciones que se tienen ahora, ÷ lo que costaron
dividends-missing = Todavía no en el historial
dividends-note = Calculado con las acciones que se tenían al final del día anterior a la fecha ex-dividendo, con los desdoblamientos hasta entonces, por lo que pagó cada acción. Antes de impuestos. Cada uno se anota como un dividendo que después se puede cambiar.
dividends-choose-all = Todos
dividends-choose = { $symbol }, fecha ex-dividendo { $date }
dividends-ex-date = Fecha ex-dividendo
dividends-date = Se anota con
dividends-per-share = Por cada una
dividends-take = Anotar los elegidos
dividends-taken = { $count ->
    [one] Un dividendo está en el historial.
   *[other] { $count } dividendos están en el historial.
}
dividends-more = Estos son { $shown }. Hay { $more } más que aparecen cuando se anotan estos.
dividends-known = { $count ->
    [one] Uno ya está en el historial: un dividendo del valor entre la fecha ex-dividendo y { $late } días después del pago, o { $window } días después de la fecha ex-dividendo si no se conoce el pago.
   *[other] { $count } ya están en el historial: un dividendo del valor entre la fecha ex-dividendo y { $late } días después del pago, o { $window } días después de la fecha ex-dividendo si no se conoce el pago.
}
dividends-none = No correspondía ningún dividendo por lo que se tenía.
dividends-all-there = Todos los dividendos que conocen las fuentes están en el historial.
dividends-untold = Ninguna fuente de este servidor informa de dividendos de { $symbols }. La muestra incluida y los archivos de precios no los tienen; Alpha Vantage y Massive informan de ellos, si quien lleva este servidor tiene una clave.
dividends-by-hand = Anotar un dividendo
dividends-away = Ahora no se pudo preguntar a nadie por { $symbols }. Vuelve a mirar más tarde.
portfolio-map-label = { $count ->
    [one] Una posición, dibujada por su valor
   *[other] { $count } posiciones en sus sectores, dibujadas por su valor
}
portfolio-map-tile = { $symbol } { $gain }: { $name }, { $value }, { $share } del total
portfolio-map-cash = { $name }: { $value }, { $share } del total
portfolio-map-key-down = Pérdida
portfolio-map-key-flat = Ninguna
portfolio-map-key-up = Ganancia
error-bad-kind = Elige qué tipo de operación es.
error-symbol-missing = ¿Qué instrumento? Escribe su símbolo.
error-bad-date = Escribe el día como 2024-12-31, desde 1900.
error-future-date = Ese día no ha llegado todavía. Escríbelo cuando llegue.
error-bad-figure = Escribe una cifra mayor que cero y de { $max } como mucho, como 1234,56, con { $digits } decimales como mucho.
error-bad-ratio = Una división es tantas unidades antiguas por tantas nuevas: números enteros del 1 al { $max }.
error-note-too-long = Una nota tiene como mucho { $max } caracteres.
error-oversold = El { $date } hay { $held } de { $symbol } para vender, y no { $asked }. Aquí no se llevan ventas en corto: revisa el día y las unidades.
error-too-many-units = Desde el { $date } habría más { $symbol } de lo que se puede contar. Revisa las unidades.
error-too-few-units = Desde el { $date } habría demasiado poco { $symbol } para contarlo. Revisa las divisiones.
error-too-many-splits = A mano se anotan como mucho { $max } divisiones de { $symbol }. Quita las que no ocurrieron.
error-too-many-instruments = Una cartera tiene como mucho { $max } instrumentos. Empieza otra.
error-ambiguous-figure = Esto puede ser miles o una cifra con decimales, y nada en el archivo lo dice. Escríbela sin marca de miles y con decimales: 1000,00.
error-currency-differs = Esta línea está en { $asked } y el resto en { $held }. Una cartera tiene una sola moneda: lleva estas líneas a otra cartera, desde un archivo propio.
error-instrument-currency = Esta línea está en { $asked } y los precios de { $symbol } en { $held }. Pasa los importes a { $held }, o el símbolo al del mercado donde se negoció.
error-split-known = Esta división ya se conoce y está aplicada. No necesita una operación.
error-removed = Esta posición se sacó. Devuélvela primero.
error-portfolio-exists = Ya tienes una cartera con este nombre. Elige otro.
error-too-many-portfolios = Una cuenta tiene como mucho { $max } carteras.
error-too-many-transactions = Una cuenta tiene como mucho { $max } operaciones. Elimina algunas antes.
error-portfolio-busy = Esta cartera se está modificando. Inténtalo de nuevo en un momento.
error-name-differs = Este no es el nombre de la cartera: { $name }.
error-not-in-portfolio = La cartera no tiene esto.
error-bad-period = Los días de un historial son un número entero del 1 al { $max }.
error-bad-theme = Una imagen es oscura (dark) o clara (light).
error-bad-size = Una imagen tiene de { $min } a { $max } píxeles.
error-bad-study = Un indicador es su nombre con sus ajustes, como rsi:14; los periodos van de 2 a { $max }.
error-too-many-studies = Como mucho { $max } indicadores a la vez.
error-file-binary = Esto no es un texto sino un archivo de otro programa, como un libro de hojas o una imagen. Guarda la tabla como CSV y elige ese.
error-nothing-chosen = Elige al menos un dividendo.
error-dividend-not-offered = El dividendo de { $symbol } con fecha ex-dividendo { $date } ya no se ofrece: puede que ya esté en el historial. Vuelve a cargar la página.
error-import-running = Otro archivo se está importando en esta cartera. Espera a que termine.

error-bad-direction = Un pronóstico es al alza (long) o a la baja (short).
error-bad-horizon = Un plazo es un número de días, semanas, meses o años, como 5d, 2w, 3m o 1y; como mucho 2y.
error-bad-reason = Un motivo tiene como mucho { $max } caracteres.
error-too-many-calls = Un miembro tiene como mucho { $max } pronósticos abiertos.
error-call-stands = Un pronóstico se puede retirar durante dos minutos; después se queda.
error-bad-side = Elige si comprar o vender.
error-bad-order-kind = Elige una orden de mercado o limitada.
error-bad-community = No existe esa comunidad.
error-bad-season = No existe esa temporada.
error-not-joined = Únete primero a la temporada.
error-season-over = Esta temporada ha terminado. Ya ha empezado la siguiente: únete a ella.
error-season-full = Esta temporada ya tiene sus { $max } miembros.
error-too-many-orders = Ya tienes { $max } órdenes abiertas. Cancela una o espera a que se ejecuten algunas.
error-order-ended = Esta orden ya no está abierta: se ejecutó o llegó a su fin.
error-order-too-large = Es más de lo que se puede contar. Escribe menos unidades.
error-paper-cash = Esto costaría unos { $asked }. Tienes { $held } que ninguna orden abierta necesita.
error-paper-units = Tienes { $held } de { $symbol } que ninguna orden abierta ofrece, y no { $asked }. No se admiten ventas en corto.
error-portfolio-kept = Esta cartera la lleva el mercado simulado. Nada en ella se escribe, cambia ni borra a mano.
error-bad-author = No existe tal autor.
error-bad-state = Un pronóstico está abierto (open), evaluado (scored) o anulado (void).
error-file-empty = Este archivo está vacío.
error-file-unreadable = Esto no es una tabla de operaciones. Su primera línea debe nombrar columnas como date, type, symbol, quantity y price.
error-file-too-long = Un archivo tiene como mucho { $max } operaciones. Divídelo.
error-file-too-large = Un archivo tiene como mucho { $max } MB. Divídelo.

## Instrumentos y gráficos

skip-to-chart = Saltar al instrumento
chart-label = Gráfico de { $symbol }
chart-role = gráfico
chart-keys = Las flechas van de día en día, más y menos acercan y alejan, Inicio y Fin llevan al primer y al último día.
chart-spoken = { $date }: { $close } ({ $change })
chart-day = Día
chart-change = Cambio
chart-open = A
chart-high = Mx
chart-low = Mn
chart-close = Ci
chart-closed-at = Cierre
chart-table = Precios de { $symbol } en una tabla
chart-tools = Herramientas del gráfico
chart-ranges = Periodo
chart-days = Otros días
chart-from = Desde
chart-to = Hasta
chart-days-backwards = Escribe dos días, primero el más antiguo.
chart-apply = Aplicar
chart-add = Añadir
chart-log = Logarítmico
chart-indicators = Indicadores
chart-over-prices = Sobre los precios
chart-below = Debajo de los precios
chart-settings = Ajustes
chart-remove = Quitar { $name }
chart-compare = Comparar
chart-compare-with = Símbolo
chart-compare-note = Todos los precios se muestran entonces en porcentaje desde el primer día visible.
chart-compare-full = Un gráfico compara como mucho { $max } instrumentos. Quita uno antes.
chart-draw = Dibujar
chart-level = Nivel
chart-trend = Línea de tendencia
chart-level-at = Nivel en el precio
chart-bad-level = Escribe un precio mayor que cero, como 430,50.
chart-level-name = Nivel en { $price }
chart-trend-name = Línea del { $from } al { $to }
chart-click-level = Haz clic en el gráfico donde debe estar el nivel.
chart-click-first = Haz clic en el gráfico donde empieza la línea.
chart-click-second = Haz clic en el gráfico donde termina la línea.
chart-save = Guardar
chart-save-picture = Imagen (PNG)
chart-save-table = Tabla (CSV)
drawing-removed = { $name }: quitado.
drawing-not-kept = El dibujo aún no está guardado. { $error } Se intentará de nuevo en tu próxima visita.
drawing-not-removed = El dibujo sigue ahí. { $error }
drawings-not-loaded = No se muestra lo que dibujaste antes. { $error }
error-bad-drawing = Un nivel está en un precio mayor que cero; una línea va de un día a otro.
error-too-many-drawings = Hay sitio para { $max } dibujos. Quita uno antes.
about-title = Acerca de { $symbol }
about-ask = Mostrar lo que se sabe
about-none = Aquí no se sabe nada más de { $symbol }.
about-away = Una fuente que podría contar más no responde ahora. Vuelve a cargar la página dentro de unos minutos.
about-name = Nombre
about-exchange = Bolsa
about-industry = Industria
about-market-cap = Capitalización bursátil
about-price-earnings = Precio entre beneficio (PER)
about-yield = Rentabilidad por dividendo
about-site = Sitio
about-year = Rango de 52 semanas
about-range = { $low } a { $high }
about-description = A qué se dedica
about-from = De { $source }.
about-from-of = De { $source }, { $date }.
about-from-reference = De la lista de empresas que viene con Rialto.
about-trillion = { $value } billones de { $currency }
about-billion = { $value } mil millones de { $currency }
about-million = { $value } millones de { $currency }
opens-in-new-tab = (se abre en otra pestaña)
news-title = Noticias
news-ask = Mostrar los titulares
news-none = Nada se ha escrito últimamente sobre { $symbol }.
news-no-source = Ninguna fuente tiene aquí noticias de { $symbol }. Massive y Alpha Vantage las tienen; un operador puede dar a Rialto una clave de una de ellas.
news-away = La fuente de noticias no responde ahora. Vuelve a cargar la página dentro de unos minutos.
news-more = { $count ->
    [one] Un titular más antiguo
    [many] { $count } titulares más antiguos
   *[other] { $count } titulares más antiguos
}
ago-now = ahora mismo
ago-minutes = hace { $count } min
ago-hours = hace { $count } h
ago-days = hace { $count } d
trade-bought = C
trade-sold = V
# family: chart-kind-
chart-kind-candles = Velas
chart-kind-line = Línea
chart-kind-area = Área
# family: range-
range-1m = 1 m
range-3m = 3 m
range-6m = 6 m
range-ytd = Este año
range-1y = 1 a
range-5y = 5 a
range-all = Todo
# family: study-
study-sma = Media simple
study-ema = Media exponencial
study-wma = Media ponderada
study-bollinger = Bandas de Bollinger
study-vwap = VWAP anclado
study-ichimoku = Ichimoku
study-sar = SAR parabólico
study-rsi = RSI
study-macd = MACD
study-stochastic = Estocástico
study-adx = ADX
study-atr = ATR
study-obv = OBV
study-cci = CCI
study-mfi = MFI
study-roc = ROC
study-williams = %R de Williams
# family: study-setting-
study-setting-period = Días
study-setting-width = Anchura en desviaciones
study-setting-anchor = Desde
study-setting-conversion = Línea de conversión
study-setting-base = Línea base
study-setting-slow = Lenta
study-setting-step = Paso
study-setting-most = Como mucho
study-setting-fast = Rápida
study-setting-signal = Señal
study-setting-smooth-k = Suavizado de %K
study-setting-smooth-d = Suavizado de %D
# family: study-line-
study-line-upper = superior
study-line-middle = media
study-line-lower = inferior
study-line-tenkan = conversión
study-line-kijun = línea base
study-line-span_a = tramo A
study-line-span_b = tramo B
study-line-macd = línea
study-line-signal = señal
study-line-histogram = histograma
study-line-k = %K
study-line-d = %D
study-line-adx = ADX
study-line-plus = +DI
study-line-minus = −DI
rating-title = Lo que dicen los indicadores
rating-note = Votan veintiséis indicadores, cada uno por una regla que se explica abajo. Es una lectura, no un consejo.
rating-as-of = Al cierre del { $date }.
rating-none = Hay muy pocos precios para una lectura.
rating-all = En conjunto
rating-averages = Medias móviles
rating-oscillators = Osciladores
rating-votes = Cada voto con su regla
verdict-strong-buy = Compra fuerte
verdict-buy = Compra
verdict-neutral = Ni una cosa ni otra
verdict-sell = Venta
verdict-strong-sell = Venta fuerte
verdict-none = Muy pocos votos
track-none = El pasado de este instrumento es demasiado corto para decir cuántas veces acertaron estas lecturas.
edge-none = Sin ventaja demostrada: estas lecturas no acertaron más de lo que acierta el azar.
edge-buy = Tras «compra» hubo subidas más a menudo que en otros días, más allá del azar. Tras «venta», no hubo más bajadas.
edge-sell = Tras «venta» hubo bajadas más a menudo que en otros días, más allá del azar. Tras «compra», no hubo más subidas.
edge-both = Tanto «compra» como «venta» se cumplieron más a menudo que en otros días, más allá del azar.
track-note = Del { $from } al { $to }: comprado en la siguiente apertura y mirado { $days } días de bolsa después. Ninguna lectura sabía lo que vino después. Los tramos se solapan, así que el intervalo solo cuenta los que no lo hacen.
track-what = Lectura
track-days = Días
track-right = Se cumplió
track-interval = Intervalo del 95 %
track-base = Cualquier día
track-mean = Rendimiento medio
track-after-buy = Subida tras «compra»
track-after-sell = Bajada tras «venta»
track-money = Dinero
track-yearly = Rendimiento de un año
track-fall = Mayor caída
track-invested = Tiempo invertido
track-switches = Cambios
track-following = Siguiendo la lectura, con costes
track-holding = Comprar y mantener
model-title = La probabilidad de una subida
model-none = El pasado de este instrumento es demasiado corto para un modelo.
model-note = Una regresión logística sobre ocho cifras del propio pasado de este instrumento, ajustada de nuevo cada { $days } días de bolsa. Cada día sabía solo lo que se sabía antes de ese día. Es una lectura, no un consejo.
model-chance = Tras { $days } días de bolsa, por encima de la siguiente apertura
model-any-day = Cualquier día: { $rate }
model-brier = Puntuación de Brier
model-base-brier = Tasa base: { $score }
model-skill = Mejor que la tasa base en
model-interval = 95 %: { $interval }
model-no-interval = Muy pocos días para un intervalo
model-edge-none = Sin ventaja demostrada: lo que dijo no estuvo más cerca de lo que pasó que la tasa base, más allá del azar.
model-edge = Lo que dijo estuvo más cerca de lo que pasó que la tasa base, más allá del azar.
model-brier-note = La puntuación de Brier es la distancia cuadrática media entre la probabilidad que se dijo y lo que pasó: 0 es perfecto, y decir siempre un medio da 0,25.
model-counted = Se puntúan { $days } días, del { $from } al { $to }; { $apart } de sus tramos no se solapan.
model-reliability = Lo que dijo y lo que pasó
model-said = Dijo
model-happened = Subió
model-parts = De qué se compone la probabilidad
model-parts-note = Cada cifra suma al logaritmo de la razón de probabilidades: su distancia de la media, en desviaciones, por el peso que le dio el pasado.
model-figure = Cifra
model-deviations = Desde su media
model-adds = Suma
model-week = Rendimiento de 5 días
model-month = Rendimiento de 20 días
model-half-year = Rendimiento de 120 días
model-rsi = RSI de 14 días
model-distance = Desde la media de 50 días, en rangos verdaderos
model-macd = Histograma del MACD, en rangos verdaderos
model-volatility = Oscilación de 20 días frente a la de 120
model-volume = Volumen de 5 días frente al de 60
vote-component = Indicador
vote-value = Valor
vote-vote = Voto
vote-rule = Regla
vote-for = a favor
vote-against = en contra
vote-neither = ninguno
vote-none = sin voto
# family: component-
component-sma = Media simple
component-ema = Media exponencial
component-hull = Media de Hull
component-vwma = VWMA
component-ichimoku = Ichimoku
component-rsi = RSI
component-stochastic = Estocástico
component-cci = CCI
component-adx = ADX
component-awesome = Oscilador Awesome
component-momentum = Momento
component-macd = MACD
component-stochastic-rsi = RSI estocástico
component-williams = %R de Williams
component-bull-bear = Fuerza de toros y osos
component-ultimate = Oscilador definitivo
rule-average = A favor mientras el cierre está por encima, en contra por debajo.
rule-ichimoku = A favor por encima de la nube con la línea de conversión sobre la línea base; en contra por debajo de ambas.
rule-rsi = A favor por debajo de 30 y subiendo, en contra por encima de 70 y bajando.
rule-stochastic = A favor si %K y %D están por debajo de 20 y %K por encima de %D; en contra por encima de 80 y por debajo.
rule-cci = A favor por debajo de −100 y subiendo, en contra por encima de 100 y bajando.
rule-adx = Si está por encima de 20 y sube: a favor con +DI sobre −DI, si no en contra.
rule-awesome = A favor por encima de 0 y subiendo, en contra por debajo de 0 y bajando.
rule-momentum = A favor mientras sube, en contra mientras baja.
rule-macd = A favor por encima de su señal, en contra por debajo.
rule-williams = A favor por debajo de −80 y subiendo, en contra por encima de −20 y bajando.
rule-bull-bear = A favor si la media sube y también la fuerza de los osos bajo 0; en contra si baja y la fuerza de los toros sobre 0 también.
rule-ultimate = A favor por encima de 70, en contra por debajo de 30.
markets-title = Mercados
markets-watchlist = Lista de seguimiento
markets-calls = Pronósticos
markets-alerts = Alertas
markets-unseen = { $count ->
    [one] 1 aviso que no has visto
   *[other] { $count } avisos que no has visto
}
watchlist-first-name = Mi lista
watchlist-lists = Listas
watchlist-empty = ¿Qué quieres seguir?
watchlist-empty-note = Añade el primer instrumento por su símbolo o su nombre. Desde entonces esta página muestra su último precio conocido y su antigüedad.
watchlist-add-label = Símbolo o nombre
watchlist-add = Añadir
watchlist-added = { $symbol } está en la lista.
watchlist-removed = { $symbol } ya no está en la lista.
watchlist-remove = Quitar { $symbol }
watchlist-up = Subir { $symbol }: { $place } de { $count }
watchlist-down = Bajar { $symbol }: { $place } de { $count }
watchlist-instrument = Instrumento
watchlist-price = Precio
watchlist-change = Día
watchlist-course = Últimos cierres
watchlist-course-of = { $symbol }: curso de los últimos { $count } cierres
watchlist-acts = Acciones
watchlist-away = La fuente de precios no responde
watchlist-no-price = Sin precio
watchlist-name = Nombre de esta lista
watchlist-new-name = Nombre de una lista nueva
watchlist-make = Crear una lista
watchlist-made = La lista está creada.
watchlist-renamed = La lista tiene su nuevo nombre.
watchlist-deleted = La lista ya no existe.
watchlist-delete = Borrar { $name }
alerts-empty = ¿De qué quieres enterarte?
alerts-empty-note = Elige un instrumento y lo que esperas. Se te avisa en todas las páginas que tengas abiertas, y después lo encuentras aquí.
alerts-told = Lo que se te avisó
alerts-see = Los he visto
alert-fresh = Nueva
alert-new = Alerta nueva
alert-symbol = Instrumento
alert-kind = Lo que esperas
alert-value = Valor
alert-level = Nivel del RSI
alert-percent = Por ciento
alert-price-label = Precio
alert-period = Días del indicador
alert-channel = Dónde se avisa
alert-channel-none = Solo a mí
alert-channel-gone = un canal que ya no existe
alert-note = Nota para ti
alert-expires = Último día (opcional)
alert-make = Poner la alerta
alert-made = La alerta está puesta.
alert-once = Una alerta avisa una vez, cuando el precio cambia de lado. Después descansa hasta que la pongas de nuevo.
alert-kind-price-above = El precio cruza hacia arriba
alert-kind-price-below = El precio cruza hacia abajo
alert-kind-rises = Sube en un día
alert-kind-falls = Baja en un día
alert-kind-moves = Se mueve en un día
alert-kind-rsi-above = El RSI cruza hacia arriba
alert-kind-rsi-below = El RSI cruza hacia abajo
alert-kind-crosses-sma = El precio cruza su SMA
alert-kind-crosses-ema = El precio cruza su EMA
alert-kind-crosses-macd = El MACD cruza su señal
alert-price-above = por encima de { $value }
alert-price-below = por debajo de { $value }
alert-rises = sube un { $value } por ciento o más en un día
alert-falls = baja un { $value } por ciento o más en un día
alert-moves = se mueve un { $value } por ciento o más en un día
alert-rsi-above = RSI({ $period }) por encima de { $value }
alert-rsi-below = RSI({ $period }) por debajo de { $value }
alert-crosses-sma = cruza su SMA({ $period })
alert-crosses-ema = cruza su EMA({ $period })
alert-crosses-macd = el MACD cruza su señal
alert-price = { $price } el { $date } ({ $source })
alert-fired = { $symbol } { $what }: { $price }
alert-by = Una alerta de { $name }
alert-look = Ver
alert-condition = Espera
alert-state = Estado
alert-seen-price = Último precio visto
alert-armed = Despierta
alert-rests = Ha avisado, descansa
alert-expired = Su tiempo ha pasado
alert-adjusted = era { $value } antes de la división del { $date }
alert-until = hasta el { $date }
alert-to = se avisa en #{ $channel }
alert-posting = Está a punto de publicarse.
alert-posted = Se publicó en su canal.
alert-refused = No se publicó: ya no puedes escribir en su canal. Solo se te avisó a ti.
alert-arm-of = Poner de nuevo la alerta de { $symbol }
alert-armed-again = La alerta de { $symbol } está despierta de nuevo.
alert-delete-of = Borrar la alerta: { $symbol } { $what }
alert-deleted = La alerta de { $symbol } ya no existe.
alert-set = Te avisaré cuando { $symbol } { $what }.
alert-set-here = Lo diré aquí cuando { $symbol } { $what }.
alert-will-price-above = suba por encima de { $value }
alert-will-price-below = baje por debajo de { $value }
alert-will-rise = suba un { $value } por ciento o más en un día
alert-will-fall = baje un { $value } por ciento o más en un día
alert-will-move = se mueva un { $value } por ciento o más en un día
alert-will-rsi-above = tenga un RSI({ $period }) que suba por encima de { $value }
alert-will-rsi-below = tenga un RSI({ $period }) que baje por debajo de { $value }
alert-will-cross-sma = cruce su SMA({ $period })
alert-will-cross-ema = cruce su EMA({ $period })
alert-will-cross-macd = tenga un MACD que cruce su señal
alert-now = Ahora { $price }
alert-there = Ya está ahí: aviso cuando haya vuelto y llegue de nuevo.
alert-take-back = Tus alertas: mírala o retírala

error-watchlist-exists = Tienes una lista con este nombre. Elige otro.
error-too-many-watchlists = Una cuenta tiene como máximo { $max } listas.
error-too-many-watched = Una lista tiene como máximo { $max } instrumentos. Empieza otra.
error-too-many-symbols = Pide como máximo { $max } instrumentos a la vez.
error-several-instruments = Varios instrumentos se llaman así: { $symbols }. Escribe el símbolo del que quieres decir.
error-bad-alert-kind = Elige lo que esperas.
error-bad-alert-value = Escribe una cifra mayor que cero y como máximo { $max }, con { $digits } decimales como máximo.
error-bad-alert-period = Un indicador mira de 2 a { $max } días.
error-bad-alert-text = Escríbelo como AAPL > 200, AAPL -3%, AAPL rsi < 30 o AAPL cross sma 200.
error-expiry-past = Este día ya pasó. Elige uno posterior.
error-too-many-alerts = Una cuenta tiene como máximo { $max } alertas. Borra una antes.

## Sharing

share = Compartir
share-trade-of = Compartir la operación en { $symbol } del { $date }
share-portfolio-title = Compartir esta cartera
share-trade-title = Compartir esta operación
share-lead = Los demás ven porcentajes y ningún importe, tal como están en este momento. Lo compartido no cambia después; puedes borrar el mensaje.
share-more = Mostrar más
share-show-name = Cómo se llama la cartera
share-show-quantities = Unidades. Con los precios, otros pueden calcular importes
share-show-amounts = Importes de dinero
share-channel = Canal
share-comment = Unas palabras al lado (opcional)
share-preview = Lo que verán los demás
share-send = Compartirla
share-done = Está compartida en #{ $channel }.
share-see = Ir allí
share-title = Una cartera
share-title-of = Cartera { $name }
share-others = { $count ->
    [one] 1 más pequeña
   *[other] { $count } más pequeñas
}
share-units = { $units } unidades
share-span = Rendimientos del { $from } al { $to }
share-best = Mejor posición
share-worst = Peor posición
share-bought = Compra de
share-sold = Venta de
share-adjusted = { $price } (por una acción de hoy { $adjusted })
share-since = Precio desde entonces
share-now = Precio ahora
error-nothing-to-share = En esta cartera aún no hay nada que mostrar.
error-not-a-trade = Solo se pueden compartir compras y ventas.
error-comment-too-long = Escribe como máximo { $max } caracteres al lado.
error-bad-include = Una tarjeta puede mostrar el nombre, las cantidades y los importes, nada más.

## Calls

calls-about = Un pronóstico dice hacia dónde irá un precio y hasta cuándo. Empieza en la apertura siguiente y se evalúa al cierre del último día de bolsa de su plazo. Se puede retirar durante dos minutos; después nada lo cambia.
calls-add-title = Hacer un pronóstico
calls-add = Hacer el pronóstico
calls-made = Tu pronóstico está anotado. Puedes retirarlo durante dos minutos.
calls-direction = El precio
calls-horizon = Durante
calls-reason = Porque (puede quedar vacío)
calls-week = una semana
calls-month = un mes
calls-quarter = tres meses
calls-half = seis meses
calls-year = un año
calls-two-years = dos años
calls-records = Historiales
calls-records-empty = Aún no se ha evaluado ningún pronóstico. Los historiales estarán aquí en cuanto terminen los primeros.
calls-rule = Ordenados por habilidad y no por suerte: el extremo inferior del intervalo del 95 % (Wilson) de cuántas veces se cumplieron los pronósticos, menos cuántas veces se cumplieron antes las mismas direcciones en los mismos valores y plazos. Los pronósticos de un autor sobre un valor que coinciden en el tiempo cuentan como la parte que no coincide. Con menos de 10 así contados es muy poco para saber.
calls-latest = Son los historiales de los últimos { $count } pronósticos evaluados; los más antiguos ya no cuentan.
calls-place = Puesto
calls-author = De
calls-scored = Evaluados
calls-counted = Cuentan como
calls-rate = Se cumplieron
calls-interval = (del { $low } al { $high })
calls-base = Era de esperar
calls-excess = Rentabilidad de más
calls-edge = Habilidad mínima
calls-engine = Rialto (valoración técnica)
calls-too-few = muy pocos para saber
calls-list = Pronósticos
calls-search = Símbolo
calls-state = Estado
calls-all = Todos
calls-open = abierto
calls-state-scored = evaluado
calls-void = anulado: sin precios
calls-empty = Aquí nadie ha hecho un pronóstico todavía. Haz el primero arriba, o escribe /call AAPL long 3m en un canal.
calls-none-found = No hay pronósticos así. Cambia el símbolo o el estado.
calls-call = Pronóstico
calls-due = Hasta
calls-entry = Empezó en
calls-exit = Terminó en
calls-result = Resultado
calls-hit = se cumplió
calls-miss = no se cumplió
calls-base-of = antes: el { $base } de las veces
calls-take-back = Retirar
calls-take-back-of = Retirar el pronóstico sobre { $symbol }
calls-taken-back = El pronóstico está retirado.

# Pulse: what is spoken of.

markets-pulse = Pulso
pulse-about = De qué hablan los miembros, según los cashtags como { $example } y los comandos en sus mensajes, en los canales que puedes leer. Lo primero que cuenta es cuántos miembros lo hacen: una sola voz fuerte no es un pulso. Un mensaje editado cuenta tal como está ahora; uno borrado, nada.
pulse-span = En qué días
pulse-channel = En qué canal
pulse-all-channels = Todos los canales
pulse-days = Últimos { $days } días
pulse-show = Mostrar
pulse-list = Del { $from } al { $to }
pulse-table = Instrumentos de los que se habla
pulse-people = Miembros
pulse-change = Más o menos
pulse-mentions = Mensajes
pulse-price = Cambio del precio
pulse-close = Cierre
pulse-more = Más instrumentos
pulse-empty = Nadie ha hablado de un instrumento en estos días. Escribe { $example } en un mensaje y estará aquí al momento.
pulse-empty-go = Ir al chat
pulse-no-prices = La fuente de precios no tiene ninguno de estos días, así que no hay cambio de precio que mostrar.
pulse-sum = { $mentions } mensajes de { $people } miembros
pulse-prices-from = precios: { $source }
pulse-prices-end = sin precios de estos días; el último: { $source }
pulse-chart = Mensajes que hablan de { $symbol } del { $from } al { $to }, como máximo { $most } en un día, frente a su precio. La tabla de abajo tiene las cifras.
pulse-key-mentions = mensajes al día, hasta { $most }
pulse-key-price = precio, de { $low } a { $high }
pulse-day-by-day = Día a día
pulse-days-of = { $symbol } día a día
error-bad-days = Elige los últimos 7, 30 o 90 días.
error-bad-channel = Esto no es un canal. Elige uno de la lista.

## Paper trading

markets-paper = Mercado simulado
instrument-paper = Operar en simulado
paper-about = Opera con dinero que no existe a precios que sí. Una orden se ejecuta al siguiente precio: el primero que con seguridad es posterior a la orden, nunca el que ves. Los precios cuentan tal cual, sea cual sea su moneda; no hay comisiones ni ventas en corto.
paper-rule = La orden se ejecuta al siguiente precio, que nadie conoce todavía. En cuanto la orden diga lo suficiente, aquí se ve a cuánto asciende.
paper-ended = Son precios de muestra que terminaron en 2013: no llegará otro precio, así que las órdenes esperan hasta el fin de la temporada. Elige una fuente de precios o reproduce la muestra como un mercado en movimiento.
paper-seasons = Temporadas
paper-empty = ¿Quieres participar?
paper-empty-note = Quien participa en { $season } empieza con { $cash }. La temporada termina el { $date }; entonces la clasificación es definitiva y empieza la siguiente.
paper-join = Unirse a { $season }
paper-joined = Ya participas. Pon tu primera orden.
paper-account = { $season }, hasta el { $date }
paper-account-closed = { $season }, terminó el { $date }
paper-made = Rentabilidad
paper-reserved = Para órdenes abiertas
paper-free = Libre para órdenes nuevas
paper-course = Lo que valía tu cuenta en { $count } días
paper-trades = Operaciones
paper-ticket = Poner una orden
paper-side = Sentido
paper-buy = Comprar
paper-sell = Vender
paper-kind = Tipo
paper-market = De mercado: al siguiente precio
paper-limit = Limitada: no peor que
paper-limit-price = Límite
paper-place = Poner la orden
paper-placed = Tu orden sobre { $symbol } está puesta. Se ejecuta al siguiente precio.
paper-placed-still = Tu orden sobre { $symbol } está puesta, pero sus precios han llegado a su fin: espera en vano.
paper-preview = Unos { $estimate } de { $instrument }; el último precio es { $price } ({ $source }). La orden se ejecuta al siguiente.
paper-preview-still = Unos { $estimate } de { $instrument }; el último precio es { $price } ({ $source }). Sus precios han llegado a su fin: no llegará otro.
paper-order = Orden
paper-placed-at = Puesta
paper-seen = Precio entonces
paper-open-orders = Órdenes abiertas
paper-buy-units = Comprar { $units }
paper-sell-units = Vender { $units }
paper-buy-limit = Comprar { $units } a { $limit } o menos
paper-sell-limit = Vender { $units } a { $limit } o más
paper-cancel = Cancelar
paper-cancel-of = Cancelar la orden sobre { $symbol }: { $what }
paper-change = Cambiar
paper-change-of = Cambiar la orden sobre { $symbol }: { $what }
paper-changing = Cambia tu orden sobre { $symbol }: { $what }
paper-changing-note = Se retira y se pone de nuevo en un solo paso. Como toda orden, se ejecuta a un precio posterior; si no puede ponerse, queda la anterior.
paper-change-place = Cambiar la orden
paper-change-leave = Dejarla como está
paper-changed = Tu orden sobre { $symbol } está cambiada. Se ejecuta al siguiente precio.
paper-sell-all = Vender lo que tienes de { $symbol }
paper-cancelled = La orden está cancelada.
paper-positions = Posiciones
paper-positions-empty = Aún no tienes nada. Pon una orden arriba.
paper-average = Pagado por unidad
paper-price = Precio
paper-value = Valor
paper-last-orders = Últimas órdenes
paper-when = Terminada
paper-filled = ejecutada
paper-was-cancelled = cancelada
paper-expired = fin de temporada
paper-refused = rechazada: la cuenta no la admite
paper-refused-cash = rechazada: no hay bastante efectivo a ese precio
paper-refused-units = rechazada: no hay tantas unidades
paper-waits = espera
paper-told-bought = Mercado simulado: compra de { $units } { $symbol } a { $price }
paper-told-sold = Mercado simulado: venta de { $units } { $symbol } a { $price }
paper-told-cash = Mercado simulado: no se compraron { $units } { $symbol }. A { $price } no había bastante efectivo
paper-told-units = Mercado simulado: no se vendieron { $units } { $symbol }. No había tantas unidades
paper-told-refused = Mercado simulado: se rechazó la orden de { $units } { $symbol }. La cuenta no la admite
paper-told-expired-buy = Mercado simulado: la temporada terminó antes de comprar { $units } { $symbol }
paper-told-expired-sell = Mercado simulado: la temporada terminó antes de vender { $units } { $symbol }
paper-standing = Clasificación
paper-standing-of = Clasificación de { $season }
paper-standing-empty = Aún no participa nadie. Sé el primero.
paper-luck = La rentabilidad desde que cada cual se unió, a los últimos precios conocidos. Mucho de ella es suerte: un trimestre es corto y una sola compra atrevida puede ganarlo. Mira si alguien supera la fila del mercado durante varias temporadas. Quien no ha operado no tiene puesto.
paper-closed = Es la clasificación definitiva, del { $date }.
paper-more = { $count ->
    [one] Y uno más.
   *[other] Y { $count } más.
}
paper-member = Miembro
paper-holding = El mercado: { $symbols } a partes iguales desde el { $date }
