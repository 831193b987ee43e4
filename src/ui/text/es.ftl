### Español: las mismas claves y variables que en.ftl. De tú, claro, breve y cercano; sin signos de exclamación.

## El producto

app-name = Rialto
app-description = Tu comunidad de trading: chat, mercados, cartera y pronósticos en un solo lugar.
app-start-failed = Rialto no pudo iniciarse en este navegador. Aún puedes leer; recarga la página para intentarlo de nuevo.
app-reload = Recargar

## Marco

skip-to-conversation = Saltar a la conversación
rail-label = Comunidades
views-label = Vistas
pane-channels = Canales
pane-conversation = Chat
pane-members = Miembros
pane-show-channels = Mostrar canales
pane-show-members = Mostrar miembros
pane-hide-members = Ocultar miembros
close = Cerrar
cancel = Cancelar
notices-label = Notificaciones
theme-dark = Usar el tema oscuro
theme-light = Usar el tema claro
sign-out = Cerrar sesión
bot-badge = BOT

## Words of tables and forms

search = Buscar
save = Guardar
undo = Deshacer
retry = Reintentar
loading = Cargando
actions = Acciones
table-csv = Tabla (CSV)
label-symbol = Símbolo
label-date = Fecha
label-quantity = Cantidad
label-value = Valor
label-unrealized = Ganancia no realizada
label-cash = Efectivo
label-rank = Puesto
label-result = Resultado
label-drawdown = Caída máxima
label-sector = Sector
no-price = Sin precio
view-chart = Ver gráfico

## Páginas por secciones

back-to-chat = Volver al chat
all-sections = Todas las secciones
skip-to-section = Saltar a la sección
with-key = { $what } ({ $key })

## Ajustes

settings-title = Ajustes
settings-profile = Perfil
profile-username-stays = Tu nombre de usuario no cambia: los miembros te mencionan con él.
settings-appearance = Apariencia
settings-language = Idioma
profile-name = Nombre visible
profile-saved = Nombre visible guardado.
profile-guest = Crea una cuenta para elegir un nombre visible y una imagen.
picture-title = Imagen
picture-note = PNG, JPEG, WebP o GIF de hasta 4 MB. Elige un archivo o suéltalo aquí. Se recorta en un cuadrado.
picture-send = Subir imagen
picture-remove = Quitar imagen
picture-removed = Imagen quitada.
picture-sending = Subiendo, { $percent } %
appearance-example = Vista previa
appearance-example-text = El volumen vuelve a superar su media y el cierre quedó cerca del máximo.
appearance-theme = Tema
appearance-theme-note = Oscuro o claro.
appearance-system = Sistema
appearance-dark = Oscuro
appearance-light = Claro
appearance-density = Densidad
appearance-density-note = Cuánto cabe en la pantalla.
appearance-comfortable = Cómoda
appearance-compact = Compacta
appearance-prices = Colores de precios
appearance-prices-note = Los precios también llevan un signo y una flecha.
appearance-green-red = Verde y rojo
appearance-blue-orange = Azul y naranja
appearance-motion = Movimiento
appearance-motion-note = Animaciones y transiciones.
appearance-reduced = Reducido
appearance-clock = Reloj
appearance-clock-note = Cómo se muestran las horas.
appearance-usual = Automático
appearance-24 = 24 horas
appearance-12 = 12 horas
appearance-zone = Zona horaria
appearance-zone-note = Escribe una ciudad, como Europe/Madrid, o un desfase, como UTC+05:30. Vacío, se usa la zona de este dispositivo.
appearance-zone-own = Zona de este dispositivo
language-note = Cambia las páginas, los números y las fechas. Los mensajes quedan como se escribieron.
language-of-browser = Idioma del navegador

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
sign-in-lead = Hola de nuevo.
sign-in-name = Nombre de usuario o correo
sign-in-password = Contraseña
sign-in-submit = Iniciar sesión
sign-in-pending = Iniciando sesión
sign-in-to-register = ¿Primera vez en Rialto?
sign-in-register-link = Crear una cuenta
register-title = Crear una cuenta
register-lead = Una sola cuenta para el chat, los mercados y tu cartera.
register-setup-lead = Esta cuenta será la del primer administrador.
register-username = Nombre de usuario
register-username-hint = Los miembros lo ven y te mencionan con él.
register-email = Correo
register-password = Contraseña
register-password-hint = Al menos 8 caracteres.
register-submit = Crear cuenta
register-pending = Creando tu cuenta
register-to-sign-in = ¿Ya tienes una cuenta?
register-sign-in-link = Iniciar sesión
password-show = Mostrar contraseña
password-hide = Ocultar contraseña
strength-label = Seguridad de la contraseña
# family: strength-
strength-0 = Muy débil
strength-1 = Débil
strength-2 = Aceptable
strength-3 = Buena
strength-4 = Fuerte
welcome-lead = Donde los mercaderes se reunían para negociar y conversar.
welcome-text = Chat, mercados, cartera y pronósticos en un solo lugar.

## Páginas de error

not-found-title = Página no encontrada
not-found-text = Revisa la dirección. Es posible que la página se haya movido o eliminado.
not-found-back = Ir a tus canales
broken-title = Algo falló por nuestra parte
broken-text = Tus datos están a salvo. Inténtalo de nuevo en un momento.
refused-title = Demasiadas solicitudes
refused-retry = Reintentar

## Canales

channels-title = Canales
channel-new = Nuevo canal
channel-new-name = Nombre del canal
channel-new-hint = Corto, como resultados u opciones.
channel-new-create = Crear canal
channel-delete = Eliminar canal
channel-delete-sure = Se eliminará #{ $channel } con todos sus mensajes, para todos. No se puede deshacer.
channel-delete-type = Escribe { $channel } para confirmar
channel-delete-mistyped = El nombre no coincide. Escríbelo de nuevo.
channel-deleted = #{ $channel } eliminado.
channel-unread = { $count ->
    [one] { $count } mensaje sin leer
   *[other] { $count } mensajes sin leer
}
channel-unread-many = 99+

## Miembros

members-title = Miembros
members-here = En línea, { $count }
members-away = Desconectados, { $count }
members-more = Mostrar más miembros
member-here = en línea
member-away = desconectado

## Redactar

composer-label = Mensaje en #{ $channel }
composer-placeholder = Mensaje en #{ $channel }
composer-send = Enviar
composer-hint = Pulsa Intro para enviar y Mayús+Intro para una línea nueva.
composer-too-long = { $over ->
    [one] Sobra { $over } carácter
   *[other] Sobran { $over } caracteres
}
composer-readonly = Puedes leer este canal, pero no escribir en él.
completions-label = Comandos
completions-instruments = Símbolos

## Mensajes

message-pending = Enviando
message-failed = Mensaje no enviado.
message-retry = Reintentar
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
timeline-empty-text = Saluda, o escribe /help para ver los comandos.
timeline-empty-write = Escribe el primer mensaje
timeline-loading = Cargando mensajes
timeline-start = Inicio de #{ $channel }
timeline-older = Mostrar mensajes anteriores
timeline-newer = Mostrar mensajes más recientes
unread-line = Nuevos
jump-latest = Ir a lo más reciente
jump-latest-count = { $count ->
    [one] { $count } mensaje nuevo
   *[other] { $count } mensajes nuevos
}
typing-one = { $name } está escribiendo
typing-two = { $a } y { $b } están escribiendo
typing-many = Varias personas están escribiendo

## Buscador y atajos de teclado

finder-open = Buscar
finder-hint = Canales, miembros, páginas y acciones
finder-recent = Recientes
finder-channels = Canales
finder-members = Miembros
finder-pages = Páginas
finder-actions = Acciones
finder-count = { $count ->
    [one] { $count } resultado
   *[other] { $count } resultados
}
finder-nothing = Sin resultados para «{ $query }». Prueba con menos letras, o con # para canales, @ para miembros y > para acciones.
keys-title = Atajos de teclado
keys-page = En todas partes
keys-composer = Al escribir un mensaje
keys-messages = Al leer mensajes
keys-edit = Al editar un mensaje
keys-list = En una lista abierta
key-find = Buscar
key-keys = Mostrar atajos de teclado
key-channel-up = Canal anterior
key-channel-down = Canal siguiente
key-unread-up = Anterior canal sin leer
key-unread-down = Siguiente canal sin leer
key-mark-read = Ir a lo más reciente y marcar como leído
key-back = Volver al chat
key-next-pane = Panel siguiente
key-previous-pane = Panel anterior
key-send = Enviar
key-new-line = Línea nueva
key-edit-last = Editar tu último mensaje
key-complete = Completar el comando
key-older = Mensaje anterior
key-newer = Mensaje siguiente
key-first = Primer mensaje
key-last = Último mensaje
key-actions = Acciones del mensaje
key-actions-back = Volver al mensaje
key-edit = Editar mensaje
key-delete = Eliminar mensaje
key-copy = Copiar texto
key-to-composer = Volver al cuadro de mensaje
key-save-edit = Guardar
key-leave-edit = Cancelar
key-above = Elemento anterior
key-below = Elemento siguiente
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

connection-lost = Conexión perdida. Rialto guarda tus mensajes y los envía cuando vuelva la conexión.
offline = No tienes conexión. Rialto guarda tus mensajes y los envía después.
reload-needed = Hay una versión nueva. Recarga la página para continuar.

## Instalada y sin conexión

channel-unknown = Canal desconocido
channel-away-title = Este canal necesita conexión
channel-away-text = Se abre cuando vuelva la conexión. Mientras tanto puedes leer los canales que ya abriste.
members-were-here = En línea antes de perder la conexión, { $count }
member-unknown = estado desconocido
new-build = Hay una versión nueva. Tu borrador está guardado.
later = Más tarde
install-app = Instalar aplicación
screenshot-label = Un canal con sus mensajes, cotizaciones y miembros
offline-title = Sin conexión
offline-reason = No tienes conexión.
offline-away = Rialto no responde ahora mismo.
offline-updated = Actualizado por última vez: { $time }.
offline-back = Rialto vuelve a responder.
offline-on = Continuar
offline-writing = Rialto guarda lo que escribes y lo envía cuando vuelva la conexión, como
offline-waiting = Pendiente de envío
offline-nothing-title = Aún no hay nada que leer sin conexión
offline-nothing-text = Los canales que abras en este dispositivo se podrán leer sin conexión.

## Errores; los valores son los detalles del error
# family: error-

error-malformed = Solicitud no válida. Revisa lo que escribiste e inténtalo de nuevo.
error-unauthenticated = Inicia sesión para hacer esto.
error-forbidden = No tienes permiso para hacer esto.
error-not-found = No se encontró. Es posible que se haya eliminado.
error-unavailable = Esto no está disponible ahora mismo. Inténtalo de nuevo en un momento.
error-busy = El servidor está ocupado. Inténtalo de nuevo en un momento.
error-storage-full = El disco está lleno y no se guardó nada. Puedes seguir leyendo. Avisa a un administrador.
error-internal = Algo falló por nuestra parte. No cambió nada. Inténtalo de nuevo en un momento.
error-conflict = Esto cambió mientras tanto. Recarga la página e inténtalo de nuevo.
error-rate-limited = { $seconds ->
    [one] Demasiadas solicitudes. Inténtalo de nuevo en { $seconds } segundo.
   *[other] Demasiadas solicitudes. Inténtalo de nuevo en { $seconds } segundos.
}
error-rate-limited-soon = Demasiadas solicitudes. Inténtalo de nuevo en un momento.
error-method-not-allowed = Esta dirección no admite ese tipo de solicitud.
error-too-large = La solicitud es demasiado grande. Redúcela e inténtalo de nuevo.
error-uri-too-long = Dirección demasiado larga. Acórtala e inténtalo de nuevo.
error-unsupported-media-type = Formato no admitido. Elige otro archivo.
error-cross-origin = Rialto bloqueó una solicitud de otro sitio. Abre la página de nuevo e inténtalo otra vez.
error-bad-idempotency-key = Clave de solicitud no válida. Recarga la página e inténtalo de nuevo.
error-idempotency-key-reused = Tu primer intento se guardó; estos cambios, no. Revísalo y envíalos de nuevo.
error-bad-limit = Elige entre 1 y { $max } elementos.
error-bad-cursor = Esta lista cambió. Recarga la página.
error-message-empty = Escribe un mensaje.
error-message-too-long = { $max ->
    [one] Mensaje demasiado largo. El límite es de { $max } carácter.
   *[other] Mensaje demasiado largo. El límite es de { $max } caracteres.
}
error-message-characters = Caracteres no válidos. Quítalos e inténtalo de nuevo.
error-message-marks = Demasiados acentos en una letra. Quita algunos e inténtalo de nuevo.
error-nonce-used = Otro mensaje tiene el mismo ID. Envía este de nuevo.
error-message-rate = { $seconds ->
    [one] Podrás enviar de nuevo en { $seconds } segundo.
   *[other] Podrás enviar de nuevo en { $seconds } segundos.
}
error-name-empty = Escribe un nombre.
error-name-too-long = { $max ->
    [one] Nombre demasiado largo. El límite es de { $max } carácter.
   *[other] Nombre demasiado largo. El límite es de { $max } caracteres.
}
error-name-characters = Quita del nombre los caracteres invisibles y los acentos de más.
error-channel-exists = Este nombre de canal ya está en uso. Elige otro.
error-channel-in-use = Otros miembros han escrito en este canal. Pide a un administrador que lo elimine.
error-last-channel = Una comunidad necesita al menos un canal.
error-invalid-credentials = Nombre de usuario o contraseña incorrectos. Revisa ambos e inténtalo de nuevo.
error-missing-fields = Completa todos los campos.
error-username-taken = Este nombre de usuario, o uno parecido, ya está en uso. Elige otro.
error-username-characters = Usa letras, números, puntos, guiones y guiones bajos.
error-username-length = Usa de { $min } a { $max } caracteres.
error-username-reserved = Este nombre de usuario está reservado. Elige otro.
error-email-taken = Ya existe una cuenta con este correo. Inicia sesión con ella.
error-email-invalid = Correo no válido. Revísalo e inténtalo de nuevo.
error-password-too-short = { $min ->
    [one] Contraseña demasiado corta. Usa al menos { $min } carácter.
   *[other] Contraseña demasiado corta. Usa al menos { $min } caracteres.
}
error-password-too-long = { $max ->
    [one] Contraseña demasiado larga. El límite es de { $max } carácter.
   *[other] Contraseña demasiado larga. El límite es de { $max } caracteres.
}
error-password-common = Esta contraseña es fácil de adivinar. Elige una más larga o menos común.
error-password-needed = Escribe tu contraseña.
error-setup-token-wrong = Este enlace de instalación no es válido o ya se usó. Usa el último que mostró el servidor, o regístrate sin él.
error-too-many-attempts = { $seconds ->
    [one] Demasiados intentos. Inténtalo de nuevo en { $seconds } segundo.
   *[other] Demasiados intentos. Inténtalo de nuevo en { $seconds } segundos.
}
error-too-many-guesses = Demasiados intentos fallidos. Inicia sesión desde una red que ya usaste, restablece tu contraseña o inténtalo mañana.
error-registration-closed = El registro está cerrado. Pide una cuenta a un administrador.
error-guests-off = Aquí no se admiten invitados. Crea una cuenta para participar.
error-bad-preference = Opción no válida. Recarga la página y elige de nuevo.
error-bad-zone = Zona horaria desconocida. Elige una de la lista, o un desfase como UTC+05:30.
error-picture-broken = Esta imagen está dañada. Elige otra.
error-picture-missing = Primero elige una imagen.
error-picture-too-large = Imagen demasiado grande. El límite es de 4 MB.
error-picture-too-wide = Imagen demasiado grande. El límite es de { $max } píxeles por lado.
error-picture-too-many-pixels = Esta imagen tiene demasiados píxeles. Hazla más pequeña e inténtalo de nuevo.
error-too-many-values = Más de { $max } valores. Elige un periodo más corto o menos indicadores.
error-picture-unknown = Formato no admitido. Elige un archivo PNG, JPEG, WebP o GIF.
error-name-in-use = Este nombre ya está en uso. Elige otro.
error-session-ended = Tu sesión está cerrada. Inicia sesión para continuar.

## Bots

command-stock = Última cotización de una acción
command-chart = Gráfico de precios de una acción
command-compare = Comparar hasta cinco acciones
command-predict = Crear un pronóstico
command-alert = Crear una alerta de precio, cambio o indicador
command-help = Lista de comandos
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
bot-no-quote-nameless = No se encontró ninguna cotización.
bot-no-quote-hint = Prueba con un símbolo como AAPL.US o MSFT.US.
bot-market-unavailable = Los precios no están disponibles ahora mismo.
bot-market-unavailable-hint = Prueba { $symbol } de nuevo en unos minutos.
bot-which-one = Elige uno:
bot-how-to = Uso:
bot-chart-alt = { $symbol } del { $from } al { $to }: de { $first } a { $last } ({ $change }), mínimo { $low }, máximo { $high }; { $source }
bot-compare-title = { $symbols } del { $from } al { $to }
bot-compare-return = Rentabilidad
bot-compare-volatility = Volatilidad
bot-compare-fall = Caída máxima
bot-rating-title = Valoración técnica:
rating-strong-buy = compra fuerte
rating-buy = compra
rating-neutral = neutral
rating-sell = venta
rating-strong-sell = venta fuerte
rating-record = { $days ->
    [one] Tasa de acierto tras { $days } día: { $rate }. Tasa base: { $base }.
   *[other] Tasa de acierto tras { $days } días: { $rate }. Tasa base: { $base }.
}
rating-no-edge = Sin ventaja demostrada.
prediction-long = sube
prediction-short = baja
prediction-until = hasta el { $date }
prediction-close = Último cierre
prediction-entry = Entrada
prediction-entry-rule = en la próxima apertura
prediction-entry-ended = ninguna: sus precios han terminado
prediction-record = Historial
prediction-record-few = { $n ->
    [0] Aún sin pronósticos evaluados
    [one] { $n } pronóstico evaluado: muy pocos para juzgar
   *[other] { $n } pronósticos evaluados: muy pocos para juzgar
}
prediction-record-of = { $n ->
    [one] { $n } pronóstico, tasa de acierto { $rate } (de { $low } a { $high }), tasa base { $base }
   *[other] { $n } pronósticos, tasa de acierto { $rate } (de { $low } a { $high }), tasa base { $base }
}
error-no-common-days = Estos símbolos no tienen días de bolsa en común. Elige un periodo más largo.
error-bad-symbol = Símbolo no válido. Usa de 1 a { $max } letras, números o . - ^ =
error-unknown-symbol = No hay precio de { $symbol }. Revisa el símbolo.
error-market-sign-in = Inicia sesión para cargar estos precios.
error-market-unavailable = Los precios no están disponibles ahora mismo. Inténtalo de nuevo en unos minutos.
message-delete-sure = Se eliminará el mensaje para todos. No se puede deshacer.
error-too-many-channels = { $max ->
    [one] Una comunidad tiene como máximo { $max } canal.
   *[other] Una comunidad tiene como máximo { $max } canales.
}
error-bad-nonce = Mensaje no enviado. Recarga la página e inténtalo de nuevo.
error-too-many-connections = Esta cuenta está abierta en demasiadas ventanas. Cierra algunas y recarga.
error-too-many-connections-address = Demasiadas conexiones desde tu red. Cierra algunas o inténtalo de nuevo en un momento.
error-too-many-topics = Hay demasiados canales abiertos a la vez. Recarga la página.
error-too-many-own-channels = { $max ->
    [one] Puedes crear como máximo { $max } canal. Elimina uno antes.
   *[other] Puedes crear como máximo { $max } canales. Elimina uno antes.
}
error-unknown-command = Tu página no está actualizada. Recárgala.
error-hello-first = Tu página no está actualizada. Recárgala.
error-reload = Hay una versión nueva. Recarga la página para continuar.
error-account-gone = Esta cuenta ya no existe.
error-account-unknown = Cuenta no encontrada. Revisa el nombre.
error-name-reserved = Este nombre está reservado. Elige otro.
error-slow-down = { $seconds ->
    [one] Demasiadas solicitudes. Inténtalo de nuevo en { $seconds } segundo.
   *[other] Demasiadas solicitudes. Inténtalo de nuevo en { $seconds } segundos.
}
error-token-expired = Tu sesión caducó. Inicia sesión para continuar.
error-token-invalid = Tu sesión no es válida. Inicia sesión para continuar.
error-username-too-short = { $min ->
    [one] Nombre de usuario demasiado corto. Usa al menos { $min } carácter.
   *[other] Nombre de usuario demasiado corto. Usa al menos { $min } caracteres.
}

## La cuenta

error-password-wrong = Contraseña incorrecta. Revísala e inténtalo de nuevo.
error-no-password = Esta cuenta no tiene contraseña que confirmar.
error-second-factor-required = La verificación en dos pasos está activada. Escribe el código de tu aplicación.
error-second-factor-wrong = Código incorrecto o ya usado. Espera al siguiente e inténtalo de nuevo.
error-second-factor-on = La verificación en dos pasos ya está activada. Recarga la página.
error-second-factor-off = La verificación en dos pasos ya está desactivada. Recarga la página.
error-second-factor-not-begun = La configuración se reinició en otro lugar. Empieza de nuevo aquí.
error-challenge-over = La solicitud del código caducó. Escribe tu contraseña de nuevo.
error-account-leaving = Esta cuenta tiene programada su eliminación. Inicia sesión en el sitio web para conservarla.
error-last-admin = Eres el único administrador. Elige a un miembro que te releve.
error-successor-unknown = Miembro no encontrado. Revisa el nombre.
error-messages-keep-or-delete = Elige qué pasa con tus mensajes.
account-deleted = Cuenta eliminada
done-ended = Sesión cerrada. Inicia sesión para continuar.
done-left = La eliminación de tu cuenta está programada. Para conservarla, inicia sesión antes de que acabe el plazo.
done-deleted = Tu cuenta está eliminada. Gracias por haber estado aquí.
settings-sessions = Sesiones
settings-security = Seguridad
settings-data = Tus datos

## Sesiones

sessions-lead = Dispositivos con sesión iniciada en tu cuenta. Cierra la sesión en los que no reconozcas.
sessions-alone = Solo tienes la sesión iniciada en este dispositivo.
sessions-end-others = Cerrar las demás sesiones
session-current = Este dispositivo
session-end = Cerrar sesión
session-end-of = Cerrar sesión en { $device }
session-last-used = Última actividad:
session-since = Inicio de sesión:
device-app-on-system = { $app } en { $system }
device-unknown = Dispositivo desconocido

## Seguridad

password-title = Contraseña
password-lead = Al cambiar tu contraseña se cierra la sesión en tus demás dispositivos.
password-current = Contraseña actual
password-new = Contraseña nueva
password-submit = Cambiar contraseña
password-changed = Contraseña cambiada. Se cerró la sesión en tus demás dispositivos.
second-factor-title = Verificación en dos pasos
second-factor-lead = Protege tu cuenta con un código de una aplicación de autenticación.
second-factor-needs-script = La configuración necesita JavaScript. Actívalo en tu navegador.
second-factor-begin = Configurar la verificación en dos pasos
second-factor-scan = Escanea este código con tu aplicación de autenticación.
second-factor-qr = Código QR para tu aplicación de autenticación
second-factor-type = O escribe esta clave en la aplicación:
second-factor-open = Abrir aplicación en este dispositivo
second-factor-first-code = Escribe el código de la aplicación.
second-factor-code = Código
second-factor-code-hint = El código de seis dígitos de tu aplicación, o un código de recuperación.
second-factor-confirm = Activar
second-factor-is-on = La verificación en dos pasos está activada.
second-factor-off = Desactivar la verificación en dos pasos
second-factor-off-lead = Iniciarás sesión solo con tu contraseña.
second-factor-turned-off = La verificación en dos pasos está desactivada.
recovery-title = Códigos de recuperación
recovery-lead = Cada código permite iniciar sesión una vez sin tu teléfono. Guárdalos ahora: Rialto no los muestra de nuevo.
recovery-copy = Copiar
recovery-copied = Códigos de recuperación copiados
recovery-download = Descargar
recovery-print = Imprimir
recovery-kept = Ya los guardé
recovery-left = { $count ->
    [one] Queda { $count } código de recuperación.
   *[other] Quedan { $count } códigos de recuperación.
}
recovery-renew = Crear nuevos códigos de recuperación
recovery-renew-lead = Tus códigos anteriores dejan de funcionar.
recovery-renew-submit = Crear nuevos códigos
code-title = Escribe un código
code-lead = Contraseña correcta. Escribe tu código.
code-back = Empezar de nuevo

## Tus datos

copy-title = Exportar tus datos
copy-lead = Descarga tu perfil, tus sesiones, mensajes y carteras en un archivo ZIP con páginas web y JSON.
copy-request = Crear exportación
copy-again = Crear nueva exportación
copy-preparing = Preparando tu exportación. Puedes salir de esta página.
copy-progress = Líneas escritas: { $done } de { $total }. Puedes salir de esta página.
copy-failed = La exportación falló. Inténtalo de nuevo en un momento.
copy-download = Descargar exportación
copy-size = Unos { $size } kB.
copy-until = Disponible hasta
leave-title = Eliminar cuenta
leave-lead = { $days ->
    [0] Tu cuenta se elimina al instante. No se puede deshacer.
    [one] Se cierran todas tus sesiones. Inicia sesión en el plazo de { $days } día para conservar la cuenta.
   *[other] Se cierran todas tus sesiones. Inicia sesión en el plazo de { $days } días para conservar la cuenta.
}
leave-what-goes = Después, Rialto elimina tu perfil, tu correo, tus ajustes y tus sesiones. Tu nombre de usuario queda reservado.
leave-messages = ¿Qué pasa con tus mensajes?
leave-messages-keep = Conservarlos
leave-messages-keep-hint = Aparecen bajo «Cuenta eliminada».
leave-messages-delete = Eliminarlos
leave-messages-delete-hint = En su lugar aparece «Mensaje eliminado».
leave-successor = Siguiente administrador
leave-successor-hint = Nombre de usuario o correo. Obligatorio si eres el único administrador.
leave-submit = Eliminar mi cuenta
come-back-title = ¿Conservar tu cuenta?
come-back-lead = Pediste eliminar esta cuenta.
come-back-until = Fecha de eliminación:
come-back-submit = Conservar mi cuenta
come-back-not = Continuar con la eliminación

## Acceso

sign-in-forgot = ¿Olvidaste tu contraseña?
register-invite = Código de invitación
register-invite-hint = Pídelo al miembro que te invitó.
forgot-title = ¿Olvidaste tu contraseña?
forgot-lead = Te enviamos un enlace para crear una contraseña nueva.
forgot-submit = Enviar enlace
forgot-sent = Si existe una cuenta con este correo, le enviamos un enlace. Funciona durante un día. Revisa también tu carpeta de spam.
forgot-ask = El correo no está configurado aquí. Pide un enlace de contraseña a un administrador.
forgot-back = Volver al inicio de sesión
reset-title = Crea una contraseña nueva
reset-lead = Para { $name }.
reset-password = Contraseña nueva
reset-note = Se cerrará la sesión en todos tus dispositivos.
reset-submit = Guardar contraseña
reset-done = Contraseña guardada. Inicia sesión con ella.
reset-over-title = Este enlace caducó
reset-over-next = Pedir uno nuevo
error-reset-over = Este enlace ya se usó o caducó. Pide uno nuevo.
error-mail-off = El correo no está configurado aquí. Pide un enlace a un administrador.
error-invite-needed = Escribe un código de invitación. Pídelo a un miembro.
error-invite-wrong = Código de invitación incorrecto. Revísalo e inténtalo de nuevo.
error-account-suspended = Esta cuenta está suspendida. Habla con un administrador.

## Correos

mail-reset-subject = Restablece tu contraseña de { $instance }
mail-hello = Hola, { $name }:
mail-reset-text = Recibimos una solicitud de contraseña nueva para tu cuenta en { $instance }.
mail-reset-link = Crear una contraseña nueva
mail-reset-once = El enlace funciona una sola vez, durante un día.
mail-reset-ignore = Si no lo pediste, ignora este correo. Tu contraseña no cambia.
mail-factor-removed-subject = Verificación en dos pasos quitada de tu cuenta en { $instance }
mail-factor-removed-text = Un administrador de { $instance } quitó la verificación en dos pasos de tu cuenta. Ahora basta tu contraseña para iniciar sesión.
mail-reset-made-subject = Enlace de contraseña para tu cuenta en { $instance }
mail-reset-made-text = Un administrador de { $instance } creó un enlace para poner una contraseña nueva en tu cuenta. Funciona una sola vez, durante un día.
mail-security-link = Revisar tus ajustes de seguridad
mail-security-not-you = Si no lo esperabas, habla con un administrador.

## Administración

admin-title = Administración
admin-accounts = Cuentas
admin-settings = Ajustes
admin-health = Estado
admin-audit-log = Registro de auditoría
admin-search = Buscar por nombre o correo
admin-no-accounts = No se encontraron cuentas. Prueba con una parte del nombre.
admin-more-accounts = Mostrar cuentas anteriores
admin-is-admin = administrador
admin-is-suspended = suspendida
admin-is-guest = invitado
admin-has-factor = 2FA
admin-created = Creada
admin-last-seen = Última actividad
admin-never = nunca
admin-sessions = Sesiones
admin-actions-of = Acciones para { $name }
admin-reset-link = Crear enlace de contraseña
admin-end-sessions = Cerrar todas las sesiones
admin-suspend = Suspender
admin-unsuspend = Reactivar
admin-make-admin = Hacer administrador
admin-remove-admin = Quitar como administrador
admin-remove-factor = Quitar la verificación en dos pasos
admin-own-password = Tu contraseña
admin-link-made = Envía este enlace a { $name }. Rialto lo muestra solo una vez.
admin-link-once = Funciona una sola vez, durante un día. Los enlaces anteriores dejan de funcionar.
error-only-admin = Eres el único administrador. Primero haz administrador a otro miembro.
error-not-yourself = No puedes suspender tu propia cuenta.
error-not-a-person = Solo es posible con cuentas de miembros.
instance-note = Los cambios se aplican al instante y prevalecen sobre Leptos.toml.
instance-save = Guardar
instance-saved = Ajustes guardados.
instance-file-value = En Leptos.toml: { $value }
instance-nothing = sin definir
instance-back = Restaurar el valor del archivo
admin-yes = sí
admin-no = no
# family: instance-setting-
instance-setting-name = Nombre
instance-setting-description = Descripción
instance-setting-registration = Registro
instance-setting-invite_code = Código de invitación
instance-setting-guests = Invitados
instance-setting-message_count = Límite de mensajes
instance-setting-message_seconds = Intervalo (segundos)
instance-setting-message_length = Longitud máxima
instance-setting-language = Idioma
# family: instance-hint-
instance-hint-name = Se muestra antes de iniciar sesión y en todas las páginas.
instance-hint-description = Una frase sobre tu comunidad.
instance-hint-registration = Quién puede crear una cuenta.
instance-hint-invite_code = De 6 a 64 letras, números o signos.
instance-hint-guests = Los invitados escriben solo un nombre y se quedan un día.
instance-hint-message_count = Mensajes que un miembro puede enviar en el intervalo.
instance-hint-message_seconds = De 1 a 3600.
instance-hint-message_length = Caracteres por mensaje, hasta 4000.
instance-hint-language = Se usa cuando un navegador no pide ninguno de los idiomas disponibles.
guests-may = Admitir invitados
registration-open = Abierto a todos
registration-invite = Con código de invitación
registration-shut = Cerrado
# family: instance-language-
instance-language-en = English
instance-language-es = Español
error-setting-text = Usa de { $min } a { $max } caracteres, sin espacios en los extremos.
error-setting-number = Escribe un número entero de { $min } a { $max }.
error-setting-invite = Usa de { $min } a { $max } letras, números o signos.
error-setting-language = Idioma desconocido. Elige uno de la lista.
error-setting-unknown = Ajuste desconocido. Recarga la página.
health-well = Todo funciona.
health-unwell = La base de datos no admite escrituras. Revisa el disco y el registro del servidor.
health-version = Versión
health-build = Compilación
health-uptime = Tiempo activo
health-database = Base de datos
health-queue = Escrituras pendientes
health-connections = Conexiones abiertas
health-topics = Suscripciones activas
health-people = Cuentas
health-checked = Última comprobación
health-workers = Procesos en segundo plano
health-worker-down = reiniciando
health-restarts = { $count ->
    [one] { $count } reinicio
   *[other] { $count } reinicios
}
health-backup = Última copia
health-no-backup = ninguna; ejecuta «rialto backup»
health-letters = Cola de correo
health-mail-off = correo sin configurar
health-mail = En espera: { $waiting } · Fallidos: { $failed }
health-mail-last = Respuesta del servidor de correo: { $what }
health-at = Actualizado
uptime-minutes = { $minutes ->
    [one] { $minutes } minuto
   *[other] { $minutes } minutos
}
uptime-hours = { $hours } h { $minutes } min
uptime-days = { $days } d { $hours } h { $minutes } min
audit-note = Lo que hicieron los administradores, y eventos de seguridad.
audit-empty = Aún no hay entradas.
audit-more = Mostrar entradas anteriores
audit-gone = una cuenta eliminada
audit-command-line = La línea de comandos
audit-reset-link = { $actor } creó un enlace de contraseña para { $subject }
audit-password-reset = { $actor } puso una contraseña nueva con un enlace
audit-sessions-ended = { $actor } cerró todas las sesiones de { $subject }
audit-suspended = { $actor } suspendió a { $subject }
audit-unsuspended = { $actor } reactivó a { $subject }
audit-admin-added = { $actor } hizo administrador a { $subject }
audit-admin-removed = { $actor } quitó a { $subject } como administrador
audit-factor-removed = { $actor } quitó la verificación en dos pasos de { $subject }
audit-setting-changed = { $actor } cambió un ajuste: { $detail }
audit-setting-reset = { $actor } restauró el valor del archivo: { $detail }
audit-channel-deleted = { $actor } eliminó #{ $detail }

## Notificaciones

notification-title = Notificaciones
notification-unseen = { $count ->
    [one] { $count } notificación sin leer
   *[other] { $count } notificaciones sin leer
}
notification-see-all = Marcar todo como leído
notification-new = Nueva
notification-view = Ver
notification-older = Mostrar notificaciones anteriores
notification-alert-posting = Publicándose en el canal.
notification-alert-posted = Publicada en el canal.
notification-alert-refused = No publicada: ya no puedes escribir en el canal. Solo se te notificó a ti.
notification-paper-bought = Trading simulado: compra de { $units } { $symbol } a { $price }
notification-paper-sold = Trading simulado: venta de { $units } { $symbol } a { $price }
notification-paper-cash = Trading simulado: orden de compra de { $units } { $symbol } rechazada. Efectivo insuficiente a { $price }
notification-paper-units = Trading simulado: orden de venta de { $units } { $symbol } rechazada. Acciones insuficientes
notification-paper-rejected = Trading simulado: orden de { $units } { $symbol } rechazada. Límite de la cuenta alcanzado
notification-paper-expired-buy = Trading simulado: la orden de compra de { $units } { $symbol } caducó con la temporada
notification-paper-expired-sell = Trading simulado: la orden de venta de { $units } { $symbol } caducó con la temporada
notification-prediction-hit = Tu pronóstico «{ $symbol } { $direction }, { $horizon }» fue un acierto: { $result }
notification-prediction-miss = Tu pronóstico «{ $symbol } { $direction }, { $horizon }» fue un fallo: { $result }
notification-prediction-void = Tu pronóstico «{ $symbol } { $direction }, { $horizon }» queda anulado: faltan precios para puntuarlo

## Cartera

portfolio-title = Cartera
portfolio-holdings = Posiciones
portfolio-performance = Rendimiento
portfolio-transactions = Operaciones
portfolio-portfolios = Carteras
portfolio-import = Importar / Exportar
portfolio-empty = Empieza tu cartera
portfolio-empty-note = Añade tu primera operación para ver su valor, ganancia y rentabilidad.
portfolio-empty-import = Importar operaciones
portfolio-add-title = Añadir operación
portfolio-edit-title = Editar operación
portfolio-add = Añadir
portfolio-added = Operación añadida.
portfolio-edited = Operación guardada.
portfolio-day = Cambio del día
portfolio-realized = Ganancia realizada
portfolio-income = Dividendos menos comisiones
portfolio-cash-negative = Efectivo negativo. Revisa si falta un depósito.
portfolio-age-sample = Precios de muestra del { $date }. Sirven para probar.
portfolio-age-replay = Precios de muestra del { $date }, reproducidos como en tiempo real.
portfolio-age-folder = Precios de cierre del { $date } o posteriores, de los archivos del administrador.
portfolio-age-stooq = Precios del { $date } o posteriores, de stooq.
portfolio-age-alpha_vantage = Precios de cierre del { $date } o posteriores, de Alpha Vantage.
portfolio-age-massive = Precios de cierre del { $date } o posteriores, de Massive.
portfolio-no-prices = Algunos precios no están disponibles. Rialto usa el precio de tu última operación.
portfolio-currencies = Estas posiciones tienen precios en varias monedas: { $currencies }. Los totales los suman sin convertir. Usa una cartera por moneda.
portfolio-instrument = Símbolo
portfolio-average = Coste medio
portfolio-price = Precio
portfolio-gain = Ganancia no realizada
portfolio-weight = Peso
portfolio-sold = vendido
portfolio-take-out-of = Quitar { $symbol } de la cartera
portfolio-taken-out = { $symbol } quitado. Sus operaciones ya no cuentan.
portfolio-bring-back = Restaurar
portfolio-bring-back-of = Restaurar { $symbol }
portfolio-sectors = Por sector
portfolio-concentration = Concentración (HHI): { $index }, como { $equal } posiciones iguales.
portfolio-lots-of = Lotes de { $symbol }
portfolio-by-fifo = Primero en entrar, primero en salir (FIFO).
portfolio-by-average = Coste medio.
portfolio-bought = Comprado
portfolio-each = Precio unitario
portfolio-cost = Coste de adquisición
portfolio-sales = Ventas
portfolio-more-lots = Ver más lotes
portfolio-more-sales = Ver más ventas
portfolio-proceeds = Importe de venta
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
entry-price = Precio unitario
entry-fee = Comisión
entry-amount = Importe
entry-from = Acciones antiguas
entry-to = Acciones nuevas
entry-note = Nota
transaction-buy = Compra
transaction-sell = Venta
transaction-dividend = Dividendo
transaction-fee = Comisión
transaction-split = Desdoblamiento
transaction-deposit = Depósito
transaction-withdrawal = Retirada
transactions-empty = Aún no hay operaciones.
transactions-search = Símbolo
transactions-more = Mostrar operaciones anteriores
transactions-total = Total
transactions-removed = quitada
transactions-edit = Editar
transactions-delete = Eliminar
transactions-deleted = Operación eliminada.
performance-empty = Añade una operación para ver tu rendimiento.
performance-benchmark = Índice de referencia
performance-compare = Comparar
performance-without-prices = No hay precios de { $symbols }. Rialto usa el precio de tu última operación.
performance-priced-since = El historial de precios empieza después de tu primera operación: { $list }. Antes cuentan los precios de tus operaciones.
performance-priced-item = { $symbol } desde el { $date }
performance-priced-more = { $list } y { $count } más
performance-returns = Rentabilidad
performance-span = Del { $from } al { $to }.
performance-record = Rentabilidad ponderada por tiempo y riesgo: del { $from } al { $to }. Un día sin posiciones termina un historial.
performance-records = Historiales anteriores
performance-record-span = Periodo
performance-record-days = Días
performance-with-cash = Aportaciones netas: depósitos menos retiradas.
performance-without-cash = Sin cuenta de efectivo: las compras cuentan como depósitos; las ventas y los dividendos, como retiradas.
performance-lacking = El efectivo fue negativo hasta en { $money }. Revisa si falta un depósito. Rialto cuenta lo que falta como depósito temporal.
performance-gain = Ganancia
performance-simple = Rentabilidad simple
performance-time-weighted = Rentabilidad ponderada por tiempo
performance-yearly = Rentabilidad anualizada
performance-money-weighted = Rentabilidad ponderada por dinero (TIR)
performance-same-money = Índice de referencia
performance-risk = Riesgo
performance-too-few = { $count ->
    [one] { $count } rentabilidad diaria hasta ahora. El riesgo necesita al menos { $least }.
   *[other] { $count } rentabilidades diarias hasta ahora. El riesgo necesita al menos { $least }.
}
performance-volatility = Volatilidad (anualizada)
performance-sharpe = Ratio de Sharpe
performance-sortino = Ratio de Sortino
performance-var = Valor en riesgo (95 %, 1 día)
performance-beta = Beta
performance-put-in = Aportaciones netas
performance-return = Rentabilidad
performance-measures = Gráfico
performance-chart = Valor del { $from } ({ $first }) al { $to } ({ $last })
formula-gain = { $value } de valor actual + { $out } retirado − { $in } aportado
formula-simple = ({ $value } + { $out } − { $in }) ÷ { $in }
formula-time-weighted = { $count } rentabilidades diarias compuestas. Un flujo divide su día: (valor + retirada) ÷ (valor anterior + aportación).
formula-yearly = (1 { $total }) ^ (365 ÷ { $days } días) − 1
formula-no-year = { $days ->
    [one] Se muestra a partir de un año. Esta cartera tiene { $days } día de historial.
   *[other] Se muestra a partir de un año. Esta cartera tiene { $days } días de historial.
}
formula-money-weighted = La tasa anual que lleva a cero el valor actual de todos los flujos y del valor de hoy.
formula-money-short = { $days ->
    [one] La tasa anual (TIR) extrapolada de { $days } día. Sin definir si todos los flujos van en un sentido.
   *[other] La tasa anual (TIR) extrapolada de { $days } días. Sin definir si todos los flujos van en un sentido.
}
formula-same-money = Las mismas aportaciones invertidas en { $symbol }, que rindió { $return }. Incluye desdoblamientos, no dividendos.
formula-volatility = Desviación estándar de { $count } rentabilidades diarias × √252
formula-drawdown = Del máximo del { $from } al { $to }, en el índice ponderado por tiempo
formula-no-drawdown = Aún sin caídas.
formula-sharpe = √252 × media ÷ desviación estándar de las rentabilidades diarias; tasa libre de riesgo 0
formula-sortino = √252 × media de las rentabilidades diarias ÷ desviación a la baja
formula-var = Cuantil del 5 % de { $count } rentabilidades diarias
formula-beta = Covarianza con las rentabilidades diarias de { $symbol } ÷ su varianza
portfolios-note = Cada cartera tiene sus propias operaciones. Solo tú las ves.
portfolios-new = Nueva cartera
portfolios-make = Crear cartera
portfolios-made = Cartera creada.
portfolios-saved = Cartera guardada.
portfolios-deleted = Cartera eliminada.
portfolios-name = Nombre
portfolios-method = Método de coste
portfolios-fifo = Primero en entrar, primero en salir (FIFO)
portfolios-average = Coste medio
portfolios-delete = Eliminar cartera
portfolios-csv = Exportar CSV
portfolios-json = Exportar JSON
portfolios-type-name = Se eliminarán todas sus operaciones. No se puede deshacer. Escribe { $name } para confirmar.
portfolios-transactions = { $count ->
    [one] { $count } operación
   *[other] { $count } operaciones
}
import-lead = Importa operaciones de otro programa, o exporta las tuyas.
import-no-portfolio = Primero crea una cartera.
import-into = En { $name }
import-note = CSV o JSON de hasta { $max } MB. Elige un archivo o suéltalo aquí. Primero verás una vista previa.
import-needs-scripts = La vista previa necesita JavaScript. Los programas pueden importar mediante la API.
import-where = ¿Dónde consigo un archivo?
import-ghostfolio = Ghostfolio: Portfolio > Activities > menú de tres puntos > Export Activities (JSON).
import-wealthfolio = Wealthfolio: Settings > Exports > Activities (en CSV).
import-own = Rialto: los botones para exportar al final de esta página.
import-other = Otro: CSV con las columnas date, type, symbol, quantity, price y fee, o amount para dividendos, comisiones y efectivo.
import-progress = Progreso de la importación
import-sending = Subiendo, { $percent } %
import-reading = Leyendo el archivo
import-taking = Importando
import-writing = { $total ->
    [one] { $done } de { $total } operación importada
   *[other] { $done } de { $total } operaciones importadas
}
import-fresh = { $count ->
    [0] Ninguna operación nueva
    [one] { $count } operación nueva
   *[other] { $count } operaciones nuevas
}
import-known = { $count ->
    [0] Ningún duplicado
    [one] { $count } duplicado omitido
   *[other] { $count } duplicados omitidos
}
import-refused = { $count ->
    [0] Ningún error
    [one] { $count } línea con un error
   *[other] { $count } líneas con errores
}
import-unasked = { $count ->
    [one] { $count } símbolo aún sin precios. Se cargan cuando abras la cartera.
   *[other] { $count } símbolos aún sin precios. Se cargan cuando abras la cartera.
}
import-additions = { $count ->
    [one] { $count } operación nueva
   *[other] { $count } operaciones nuevas
}
import-there = { $count ->
    [one] { $count } que ya está en la cartera
   *[other] { $count } que ya están en la cartera
}
import-problems = { $count ->
    [one] { $count } línea con un error
   *[other] { $count } líneas con errores
}
import-problems-note = Rialto omite estas líneas. Corrígelas en el archivo y elígelo de nuevo; los duplicados se omiten.
import-line = Línea
import-column = Columna
import-written = Valor
import-what-to-do = Qué hacer
import-first-of = Se muestran { $shown } de { $count }.
import-duplicates = { $count ->
    [one] Importar también el duplicado: ocurrió dos veces
   *[other] Importar también los { $count } duplicados: ocurrieron dos veces
}
import-in-the-way = Rialto aún no puede importar este archivo.
import-at-line = Línea { $line }:
import-put-right = Corrige estas líneas, o añade antes las compras que faltan, y elige el archivo de nuevo.
import-rest = { $count ->
    [one] Omitir la línea de { $symbols } e importar el resto
   *[other] Omitir las { $count } líneas de { $symbols } e importar el resto
}
import-nothing = Nada que importar.
import-take = { $count ->
    [one] Importar { $count } operación
   *[other] Importar { $count } operaciones
}
import-other-file = Elegir otro archivo
import-done = { $count ->
    [one] { $count } operación importada.
   *[other] { $count } operaciones importadas.
}
import-past = Historial de importaciones
import-past-note = Puedes deshacer una importación, salvo que una venta posterior necesite sus acciones.
import-file = Archivo
import-nameless = Archivo sin nombre
import-dividends = Dividendos añadidos
import-at = Fecha
import-brought = Operaciones
import-earlier = Mostrar importaciones anteriores
import-undo = Deshacer
import-undo-of = Deshacer { $name }
import-undone = { $count ->
    [one] Importación deshecha. { $count } operación quitada.
   *[other] Importación deshecha. { $count } operaciones quitadas.
}
import-export = Exportar
portfolio-dividends = Dividendos
dividends-empty = Añade una compra para ver dividendos.
dividends-paid = Dividendos recibidos
dividends-total = Dividendos totales
dividends-last-year = Últimos 12 meses
dividends-cost = Coste de adquisición
dividends-yield = Rentabilidad sobre el coste
dividends-by-holding = Dividendos por símbolo
formula-dividends = Suma de las operaciones de dividendo, antes de comisiones
formula-last-year = Suma de los 365 días hasta el { $date }
formula-yield = { $paid } ÷ { $cost }: dividendos por acción de los últimos 12 meses × acciones actuales ÷ coste de adquisición
dividends-missing = Dividendos que faltan
dividends-note = Acciones que tenías el día anterior a la fecha ex-dividendo × dividendo por acción, antes de impuestos. Puedes editarlos después.
dividends-choose-all = Seleccionar todos
dividends-choose = { $symbol }, fecha ex-dividendo { $date }
dividends-ex-date = Fecha ex-dividendo
dividends-date = Fecha
dividends-per-share = Por acción
dividends-take = Añadir seleccionados
dividends-taken = { $count ->
    [one] { $count } dividendo añadido.
   *[other] { $count } dividendos añadidos.
}
dividends-more = Se muestran { $shown }. Al añadirlos aparecen más: { $more }.
dividends-known = { $count ->
    [one] { $count } dividendo ya está en tus operaciones, hasta { $late } días después del pago.
   *[other] { $count } dividendos ya están en tus operaciones, hasta { $late } días después del pago.
}
dividends-none = A tus posiciones no les correspondía ningún dividendo.
dividends-all-there = Todos los dividendos conocidos están en tus operaciones.
dividends-untold = Ninguna fuente de datos tiene dividendos de { $symbols }. Alpha Vantage y Massive los tienen: pide una clave a un administrador.
dividends-by-hand = Añadir dividendo
dividends-away = Los dividendos de { $symbols } no están disponibles ahora mismo. Inténtalo más tarde.
portfolio-map-label = { $count ->
    [one] { $count } posición, con tamaño según su valor
   *[other] { $count } posiciones por sector, con tamaño según su valor
}
portfolio-map-tile = { $symbol } { $gain }: { $name }, { $value }, { $share } de la cartera
portfolio-map-cash = { $name }: { $value }, { $share } de la cartera
portfolio-map-key-down = Pérdida
portfolio-map-key-flat = Sin cambio
portfolio-map-key-up = Ganancia
error-bad-kind = Elige un tipo de operación.
error-symbol-missing = Escribe un símbolo.
error-bad-date = Fecha no válida. Usa la forma 2024-12-31, desde 1900.
error-future-date = La fecha está en el futuro. Elige una anterior.
error-bad-number = Escribe un número mayor que cero, hasta { $max }, con { $digits } decimales como máximo.
error-bad-ratio = Desdoblamiento no válido. Usa números enteros de 1 a { $max }.
error-split-changes-nothing = Este desdoblamiento no cambia nada. Las acciones antiguas y nuevas deben ser distintas, como 1 a 4.
error-note-too-long = Nota demasiado larga. El límite es de { $max } caracteres.
error-oversold = El { $date } tenías { $held } { $symbol }, no { $asked }. Revisa la fecha y la cantidad.
error-too-many-units = La cantidad de { $symbol } es demasiado grande desde el { $date }. Revisa la cantidad.
error-too-few-units = La cantidad de { $symbol } es demasiado pequeña desde el { $date }. Revisa los desdoblamientos.
error-too-many-splits = Puedes añadir como máximo { $max } desdoblamientos de { $symbol }. Elimina alguno antes.
error-too-many-instruments = Una cartera tiene como máximo { $max } símbolos. Crea otra.
error-ambiguous-number = Número ambiguo: ¿miles o decimales? Escríbelo sin separador de miles y con decimales: 1000,00.
error-currency-differs = Esta línea está en { $asked } y la cartera, en { $held }. Impórtala en otra cartera.
error-instrument-currency = Esta línea está en { $asked }, pero { $symbol } cotiza en { $held }. Convierte los importes o usa el símbolo del otro mercado.
error-split-known = Rialto ya aplica este desdoblamiento. No hace falta añadirlo.
error-removed = Esta posición está quitada. Restáurala primero.
error-portfolio-exists = Ya tienes una cartera con este nombre. Elige otro.
error-too-many-portfolios = Puedes tener como máximo { $max } carteras. Elimina una antes.
error-too-many-transactions = Puedes tener como máximo { $max } operaciones. Elimina algunas antes.
error-portfolio-busy = Hay otro cambio en curso en esta cartera. Inténtalo de nuevo en un momento.
error-name-differs = El nombre no coincide. Escribe { $name }.
error-not-in-portfolio = Esta cartera no tiene este símbolo.
error-bad-period = Escribe un número entero de días, de 1 a { $max }.
error-bad-theme = Tema no válido. Usa dark o light.
error-bad-size = Tamaño no válido. Usa de { $min } a { $max } píxeles.
error-bad-study = Indicador no válido. Usa una forma como rsi:14, con periodos de 2 a { $max }.
error-too-many-studies = Elige como máximo { $max } indicadores.
error-file-binary = No es un archivo de texto. Guarda la tabla como CSV y elige ese archivo.
error-nothing-chosen = Elige al menos un dividendo.
error-dividend-not-offered = El dividendo de { $symbol } con fecha ex-dividendo { $date } ya no está disponible. Recarga la página.
error-import-running = Hay otra importación en curso. Espera a que termine.

error-bad-direction = Dirección no válida. Usa long o short.
error-bad-horizon = Plazo no válido. Usa días, semanas, meses o años, como 5d, 2w, 3m o 1y, hasta 2y.
error-bad-reason = Motivo demasiado largo. El límite es de { $max } caracteres.
error-too-many-predictions = Puedes tener como máximo { $max } pronósticos abiertos.
error-withdrawal-too-late = Solo puedes retirar un pronóstico en los dos primeros minutos.
error-bad-side = Elige compra o venta.
error-bad-order-kind = Elige de mercado o limitada.
error-bad-community = Comunidad no encontrada.
error-bad-season = Temporada no encontrada.
error-not-joined = Únete primero a la temporada.
error-season-over = Esta temporada terminó. Únete a la siguiente.
error-season-full = Esta temporada está completa: { $max } miembros.
error-too-many-orders = Tienes { $max } órdenes abiertas. Cancela una antes.
error-order-ended = Esta orden ya no está abierta.
error-order-currency = El trading simulado es en { $currency }, pero { $symbol } cotiza en { $asked }. Elige un símbolo con precio en { $currency }.
error-order-too-large = Orden demasiado grande. Escribe una cantidad menor.
error-paper-cash = Esta orden cuesta unos { $asked }. Tu poder de compra es de { $held }.
error-paper-units = Puedes vender { $held } { $symbol }, no { $asked }. No hay ventas en corto.
error-portfolio-managed = Esta cartera pertenece al trading simulado. No puedes editarla.
error-bad-author = Autor no encontrado.
error-bad-state = Estado no válido. Usa open, scored o void.
error-file-empty = Este archivo está vacío. Elige otro.
error-file-unreadable = No se encontraron operaciones. La primera línea necesita nombres de columna como date, type, symbol, quantity y price.
error-file-too-long = Demasiadas operaciones. El límite es de { $max } por archivo. Divide el archivo.
error-file-too-large = Archivo demasiado grande. El límite es de { $max } MB. Divide el archivo.

## Símbolos y gráficos

skip-to-chart = Saltar al gráfico
chart-label = Gráfico de { $symbol }
chart-role = gráfico
chart-keys = Las flechas van de día en día, más y menos cambian el zoom, Inicio y Fin van al primer y al último día.
chart-spoken = { $date }: { $close } ({ $change })
chart-day = Fecha
chart-change = Cambio
chart-open = Ap
chart-high = Máx
chart-low = Mín
chart-close = Ci
chart-closed-at = Cierre
chart-table = Precios de { $symbol } en una tabla
chart-tools = Herramientas del gráfico
chart-ranges = Periodo
chart-days = Otro periodo
chart-from = Desde
chart-to = Hasta
chart-days-backwards = La fecha inicial debe ser anterior a la final.
chart-apply = Aplicar
chart-add = Añadir
chart-log = Logarítmico
chart-indicators = Indicadores
chart-over-prices = Sobre el gráfico de precios
chart-below = Debajo del gráfico de precios
chart-settings = Ajustes
chart-remove = Quitar { $name }
chart-compare = Comparar
chart-compare-with = Símbolo
chart-compare-note = Muestra el cambio en % desde el primer día visible.
chart-compare-full = Compara como máximo { $max } símbolos. Quita uno antes.
chart-draw = Dibujar
chart-level = Línea horizontal
chart-trend = Línea de tendencia
chart-level-at = Precio de la línea
chart-bad-level = Escribe un precio mayor que cero, como 430,50.
chart-level-name = Línea horizontal en { $price }
chart-trend-name = Línea de tendencia del { $from } al { $to }
chart-click-level = Haz clic en el gráfico para colocar la línea.
chart-click-first = Haz clic en el gráfico donde empieza la línea.
chart-click-second = Haz clic en el gráfico donde termina la línea.
chart-save = Guardar
chart-save-picture = Imagen (PNG)
drawing-removed = { $name } quitada.
drawing-not-kept = Dibujo no guardado. { $error } Rialto lo intenta de nuevo en tu próxima visita.
drawing-not-removed = Dibujo no quitado. { $error }
drawings-not-loaded = Tus dibujos no se cargaron. { $error }
error-bad-drawing = Dibujo no válido. Una línea horizontal necesita un precio mayor que cero; una de tendencia, dos días.
error-too-many-drawings = Puedes tener como máximo { $max } dibujos. Quita uno antes.
about-title = Acerca de { $symbol }
about-ask = Mostrar datos de la empresa
about-none = No hay datos de empresa de { $symbol }.
about-away = Una fuente de datos no responde. Recarga la página en unos minutos.
about-name = Nombre
about-exchange = Bolsa
about-industry = Industria
about-market-cap = Capitalización bursátil
about-price-earnings = PER (precio/beneficio)
about-yield = Rentabilidad por dividendo
about-site = Sitio web
about-year = Rango de 52 semanas
about-range = { $low } a { $high }
about-description = Descripción
about-from = Fuente: { $source }.
about-from-of = Fuente: { $source }, { $date }.
about-from-reference = Fuente: la lista de empresas incluida con Rialto.
about-trillion = { $value } billones de { $currency }
about-billion = { $value } mil millones de { $currency }
about-million = { $value } millones de { $currency }
opens-in-new-tab = (se abre en otra pestaña)
news-title = Noticias
news-ask = Mostrar noticias
news-none = No hay noticias recientes sobre { $symbol }.
news-no-source = Ninguna fuente de datos tiene noticias de { $symbol }. Massive y Alpha Vantage las tienen: pide una clave a un administrador.
news-away = La fuente de datos no responde. Recarga la página en unos minutos.
news-more = { $count ->
    [one] { $count } titular más antiguo
   *[other] { $count } titulares más antiguos
}
ago-now = ahora mismo
ago-minutes = hace { $count } min
ago-hours = hace { $count } h
ago-days = hace { $count } d
trade-bought = C
trade-sold = V
# family: chart-kind-
chart-kind-candles = Velas
chart-kind-line = Línea
chart-kind-area = Área
# family: range-
range-1m = 1M
range-3m = 3M
range-6m = 6M
range-ytd = Este año
range-1y = 1A
range-5y = 5A
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
study-setting-width = Desviaciones estándar
study-setting-anchor = Fecha de anclaje
study-setting-conversion = Línea de conversión
study-setting-base = Línea base
study-setting-slow = Lenta
study-setting-step = Paso
study-setting-most = Máximo
study-setting-fast = Rápida
study-setting-signal = Señal
study-setting-smooth-k = Suavizado de %K
study-setting-smooth-d = Suavizado de %D
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
rating-title = Valoración técnica
rating-note = 26 indicadores dan una señal de compra, neutra o de venta según las reglas de abajo. No es un consejo.
rating-as-of = Al cierre del { $date }.
rating-none = No hay suficientes precios para una valoración.
rating-all = Resumen
rating-averages = Medias móviles
rating-oscillators = Osciladores
rating-votes = Todas las señales
verdict-strong-buy = Compra fuerte
verdict-buy = Compra
verdict-neutral = Neutral
verdict-sell = Venta
verdict-strong-sell = Venta fuerte
verdict-none = Señales insuficientes
track-none = No hay suficiente historial para medir una tasa de acierto.
edge-none = Sin ventaja demostrada: la tasa de acierto no supera la tasa base más allá del azar.
edge-buy = «Compra» tiene una ventaja más allá del azar. «Venta», ninguna.
edge-sell = «Venta» tiene una ventaja más allá del azar. «Compra», ninguna.
edge-both = «Compra» y «Venta» tienen una ventaja más allá del azar.
track-note = Del { $from } al { $to }: entrada en la siguiente apertura, evaluación a los { $days } días de bolsa, con datos de entonces.
track-what = Valoración
track-days = Días
track-right = Tasa de acierto
track-interval = Intervalo del 95 %
track-base = Tasa base
track-mean = Rentabilidad media
track-after-buy = Subida tras «compra»
track-after-sell = Bajada tras «venta»
track-money = Estrategia
track-yearly = Rentabilidad anualizada
track-fall = Caída máxima
track-invested = Tiempo invertido
track-switches = Operaciones
track-following = Seguir la valoración, con costes
track-holding = Comprar y mantener
model-title = Probabilidad de subida
model-none = No hay suficiente historial para un modelo.
model-note = Regresión logística sobre ocho variables, reajustada cada { $days } días de bolsa con datos de entonces. No es un consejo.
model-chance = Tras { $days } días de bolsa desde la siguiente apertura
model-any-day = Tasa base: { $rate }
model-brier = Puntuación de Brier
model-base-brier = Tasa base: { $score }
model-skill = Habilidad de Brier (BSS)
model-interval = 95 %: { $interval }
model-no-interval = Días insuficientes para un intervalo
model-edge-none = Sin ventaja demostrada: el modelo no supera la tasa base más allá del azar.
model-edge = El modelo supera la tasa base más allá del azar.
model-brier-note = La puntuación de Brier es el error cuadrático medio de la probabilidad: 0 es perfecto; decir siempre 50 % da 0,25.
model-counted = { $days } días evaluados del { $from } al { $to }; { $apart } sin solapamiento.
model-reliability = Calibración
model-said = Pronosticado
model-happened = Observado
model-parts = Contribución de las variables
model-parts-note = Cada variable suma al logaritmo de las probabilidades (log-odds): su puntuación z por su peso ajustado.
model-figure = Variable
model-deviations = Puntuación z
model-adds = Contribución
model-week = Rentabilidad de 5 días
model-month = Rentabilidad de 20 días
model-half-year = Rentabilidad de 120 días
model-rsi = RSI (14 días)
model-distance = Distancia a la media de 50 días, en ATR
model-macd = Histograma del MACD, en ATR
model-volatility = Volatilidad de 20 días ÷ volatilidad de 120 días
model-volume = Volumen de 5 días ÷ volumen de 60 días
vote-component = Indicador
vote-value = Valor
vote-vote = Señal
vote-rule = Regla
vote-for = Compra
vote-against = Venta
vote-neither = Neutral
vote-none = sin señal
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
rule-average = Compra si el cierre está por encima, venta si está por debajo.
rule-ichimoku = Compra por encima de la nube y con la línea de conversión sobre la línea base; venta por debajo de ambas.
rule-rsi = Compra por debajo de 30 y subiendo, venta por encima de 70 y bajando.
rule-stochastic = Compra si %K y %D están por debajo de 20 y %K por encima de %D; venta por encima de 80 y por debajo de %D.
rule-cci = Compra por debajo de −100 y subiendo, venta por encima de 100 y bajando.
rule-adx = Por encima de 20 y subiendo: compra con +DI sobre −DI; si no, venta.
rule-awesome = Compra por encima de 0 y subiendo, venta por debajo de 0 y bajando.
rule-momentum = Compra si sube, venta si baja.
rule-macd = Compra por encima de la línea de señal, venta por debajo.
rule-williams = Compra por debajo de −80 y subiendo, venta por encima de −20 y bajando.
rule-bull-bear = Compra si la media sube y la fuerza negativa de los osos también; venta si la media baja y la fuerza positiva de los toros también.
rule-ultimate = Compra por encima de 70, venta por debajo de 30.
markets-title = Mercados
markets-watchlist = Lista de seguimiento
markets-predictions = Pronósticos
markets-alerts = Alertas
watchlist-first-name = Mi lista
watchlist-lists = Listas de seguimiento
watchlist-empty = Empieza tu lista de seguimiento
watchlist-empty-note = Añade un símbolo para ver su último precio y su cambio.
watchlist-add-label = Símbolo o nombre
watchlist-add = Añadir
watchlist-added = { $symbol } añadido.
watchlist-removed = { $symbol } quitado.
watchlist-remove = Quitar { $symbol }
watchlist-up = Subir { $symbol }: { $place } de { $count }
watchlist-down = Bajar { $symbol }: { $place } de { $count }
watchlist-price = Precio
watchlist-change = Cambio del día
watchlist-chart = Historial de precios
watchlist-chart-of = { $count ->
    [one] { $symbol }: último cierre
   *[other] { $symbol }: últimos { $count } cierres
}
watchlist-away = Fuente de datos no disponible
watchlist-name = Nombre de la lista
watchlist-new-name = Nombre de la nueva lista
watchlist-make = Crear lista
watchlist-made = Lista creada.
watchlist-renamed = Lista renombrada.
watchlist-deleted = Lista eliminada.
watchlist-delete = Eliminar { $name }
alerts-empty = Crea tu primera alerta
alerts-empty-note = Elige un símbolo y una condición. Rialto te notifica en todas las páginas abiertas.
alert-new = Nueva alerta
alert-symbol = Símbolo
alert-kind = Condición
alert-value = Valor
alert-level = Nivel del RSI
alert-percent = Porcentaje
alert-price-label = Precio
alert-period = Periodo del indicador (días)
alert-channel = Notificar
alert-channel-none = Solo a mí
alert-channel-gone = un canal eliminado
alert-note = Nota (opcional)
alert-expires = Fecha de caducidad (opcional)
alert-make = Crear alerta
alert-made = Alerta creada.
alert-once = Una alerta notifica una sola vez, cuando se cumple su condición. Puedes activarla de nuevo.
alert-kind-price-above = El precio cruza hacia arriba
alert-kind-price-below = El precio cruza hacia abajo
alert-kind-rises = Sube en un día
alert-kind-falls = Baja en un día
alert-kind-moves = Se mueve en un día
alert-kind-rsi-above = El RSI cruza hacia arriba
alert-kind-rsi-below = El RSI cruza hacia abajo
alert-kind-crosses-sma = El precio cruza su SMA
alert-kind-crosses-ema = El precio cruza su EMA
alert-kind-crosses-macd = El MACD cruza su línea de señal
alert-price-above = por encima de { $value }
alert-price-below = por debajo de { $value }
alert-rises = sube un { $value } % o más en un día
alert-falls = baja un { $value } % o más en un día
alert-moves = se mueve un { $value } % o más en un día
alert-rsi-above = RSI({ $period }) por encima de { $value }
alert-rsi-below = RSI({ $period }) por debajo de { $value }
alert-crosses-sma = cruza su SMA({ $period })
alert-crosses-ema = cruza su EMA({ $period })
alert-crosses-macd = MACD cruza su línea de señal
alert-price = { $price } el { $date } ({ $source })
alert-fired = { $symbol } { $what }: { $price }
alert-by = Alerta de { $name }
alert-condition = Condición
alert-state = Estado
alert-seen-price = Último precio
alert-armed = Activa
alert-rests = Disparada
alert-expired = Caducada
alert-adjusted = { $value } antes del desdoblamiento del { $date }
alert-until = hasta el { $date }
alert-to = notifica en #{ $channel }
alert-arm-of = Activar la alerta de { $symbol }
alert-armed-again = Alerta de { $symbol } activada.
alert-delete-of = Eliminar alerta: { $symbol } { $what }
alert-deleted = Alerta de { $symbol } eliminada.
alert-set = Alerta creada: recibirás una notificación cuando { $symbol } { $what }.
alert-set-here = Alerta creada: este canal recibirá un mensaje cuando { $symbol } { $what }.
alert-will-price-above = suba por encima de { $value }
alert-will-price-below = baje por debajo de { $value }
alert-will-rise = suba un { $value } % o más en un día
alert-will-fall = baje un { $value } % o más en un día
alert-will-move = se mueva un { $value } % o más en un día
alert-will-rsi-above = tenga un RSI({ $period }) que suba por encima de { $value }
alert-will-rsi-below = tenga un RSI({ $period }) que baje por debajo de { $value }
alert-will-cross-sma = cruce su SMA({ $period })
alert-will-cross-ema = cruce su EMA({ $period })
alert-will-cross-macd = tenga un MACD que cruce su línea de señal
alert-now = Ahora { $price }
alert-there = La condición ya se cumple. La alerta se dispara cuando el precio deje de cumplirla y la cumpla de nuevo.
alert-take-back = Ver o eliminar tus alertas

error-watchlist-exists = Ya tienes una lista de seguimiento con este nombre. Elige otro.
error-too-many-watchlists = Puedes tener como máximo { $max } listas de seguimiento. Elimina una antes.
error-too-many-watched = Una lista de seguimiento tiene como máximo { $max } símbolos. Crea otra.
error-too-many-symbols = Elige como máximo { $max } símbolos.
error-several-instruments = Coinciden varios símbolos: { $symbols }. Escribe el que buscas.
error-bad-alert-kind = Elige una condición.
error-bad-alert-value = Escribe un número mayor que cero, hasta { $max }, con { $digits } decimales como máximo.
error-bad-alert-period = Escribe un periodo del indicador de 2 a { $max } días.
error-bad-alert-text = Usa una forma como AAPL > 200, AAPL -3%, AAPL rsi < 30 o AAPL cross sma 200.
error-expiry-past = Esta fecha ya pasó. Elige una posterior.
error-too-many-alerts = Puedes tener como máximo { $max } alertas. Elimina una antes.

## Compartir

share = Compartir
share-trade-of = Compartir la operación de { $symbol } del { $date }
share-portfolio-title = Compartir cartera
share-trade-title = Compartir operación
share-lead = Los miembros ven porcentajes, no importes, tal como están ahora. La tarjeta no se actualiza. Puedes eliminar el mensaje.
share-more = Incluir
share-show-name = Nombre de la cartera
share-show-quantities = Cantidades (con los precios, los miembros pueden deducir importes)
share-show-amounts = Importes
share-channel = Canal
share-comment = Comentario (opcional)
share-preview = Vista previa
share-send = Compartir
share-done = Compartido en #{ $channel }.
share-see = Ver
share-title = Cartera
share-title-of = Cartera { $name }
share-others = { $count ->
    [one] { $count } posición menor
   *[other] { $count } posiciones menores
}
share-units = Cantidad: { $units }
share-span = Rentabilidad del { $from } al { $to }
share-best = Mejor posición
share-worst = Peor posición
share-bought = Compra de
share-sold = Venta de
share-adjusted = { $price } ({ $adjusted } ajustado por desdoblamiento)
share-since = Cambio desde entonces
share-now = Precio actual
error-nothing-to-share = Esta cartera aún no tiene nada que compartir.
error-not-a-trade = Solo puedes compartir compras y ventas.
error-comment-too-long = Comentario demasiado largo. El límite es de { $max } caracteres.
error-bad-include = Campo no válido. Usa name, quantities o amounts.

## Pronósticos

predictions-about = Un pronóstico empieza en la siguiente apertura y se evalúa al cierre de su último día. Puedes retirarlo durante dos minutos.
predictions-add-title = Nuevo pronóstico
predictions-add = Crear pronóstico
predictions-created = Pronóstico creado. Puedes retirarlo durante dos minutos.
predictions-created-still = Pronóstico de { $symbol } creado, pero sus precios han terminado: no se puede evaluar.
predictions-ended = Los precios de muestra terminan en 2013: los pronósticos nuevos no se evalúan. Pide a un administrador otra fuente o reproducir la muestra.
predictions-direction = Dirección
predictions-horizon = Plazo
predictions-reason = Motivo (opcional)
predictions-week = 1 semana
predictions-month = 1 mes
predictions-quarter = 3 meses
predictions-half = 6 meses
predictions-year = 1 año
predictions-two-years = 2 años
predictions-leaderboard = Clasificación
predictions-leaderboard-empty = Aún no hay pronósticos evaluados. La clasificación empieza con los primeros.
predictions-rule = Por ventaja: límite inferior de la tasa de acierto (Wilson, 95 %) menos la tasa base. El puesto exige 10 contados.
predictions-latest = Incluye los últimos { $count } pronósticos evaluados.
predictions-author = Miembro
predictions-scored = Evaluados
predictions-counted = Contados
predictions-rate = Tasa de acierto
predictions-interval = (de { $low } a { $high })
predictions-base = Tasa base
predictions-excess = Exceso de rentabilidad
predictions-edge = Ventaja (límite inferior)
predictions-engine = Rialto (valoración técnica)
predictions-too-few = muy pocos para juzgar
predictions-list = Pronósticos
predictions-search = Símbolo
predictions-state = Estado
predictions-all = Todos
predictions-open = abierto
predictions-state-scored = evaluado
predictions-void = anulado (sin precios)
predictions-empty = Aún no hay pronósticos. Crea el primero arriba, o escribe /predict AAPL long 3m en un canal.
predictions-none-found = Ningún pronóstico coincide. Cambia el símbolo o el estado.
predictions-more = Mostrar pronósticos anteriores
predictions-prediction = Pronóstico
predictions-due = Hasta
predictions-entry = Precio de entrada
predictions-exit = Precio de salida
predictions-hit = acierto
predictions-miss = fallo
predictions-base-of = tasa base { $base }
predictions-withdraw = Retirar
predictions-withdraw-of = Retirar el pronóstico de { $symbol }
predictions-withdrawn = Pronóstico retirado.

## Tendencias

markets-trending = Tendencias
trending-about = Símbolos que los miembros mencionan con cashtags como { $example } o comandos en tus canales, ordenados por miembros.
trending-span = Periodo
trending-channel = Canal
trending-all-channels = Todos los canales
trending-days = Últimos { $days } días
trending-show = Mostrar
trending-list = Del { $from } al { $to }
trending-table = Símbolos en tendencia
trending-people = Miembros
trending-change = Cambio
trending-mentions = Mensajes
trending-price = Cambio de precio
trending-close = Cierre
trending-more = Más símbolos
trending-empty = Sin menciones en este periodo. Escribe { $example } en un mensaje para verlo aquí.
trending-empty-go = Ir al chat
trending-no-prices = La fuente de datos no tiene precios de estos días.
trending-sum = Mensajes: { $mentions } · Miembros: { $people }
trending-prices-from = precios: { $source }
trending-prices-end = sin precios de estos días; último precio: { $source }
trending-chart = Mensajes que mencionan { $symbol } del { $from } al { $to }, hasta { $most } al día, y su precio. La tabla de abajo tiene los números.
trending-key-mentions = mensajes al día, hasta { $most }
trending-key-price = precio, de { $low } a { $high }
trending-day-by-day = Por día
trending-days-of = { $symbol } por día
error-bad-days = Elige los últimos 7, 30 o 90 días.
error-bad-channel = Canal no encontrado. Elige uno de la lista.

## Trading simulado

markets-paper = Trading simulado
instrument-paper = Operar en simulado
paper-about = Opera con dinero virtual a precios reales. Las órdenes se ejecutan al siguiente precio. Sin comisiones ni ventas en corto.
paper-rule = Las órdenes se ejecutan al siguiente precio. Escribe una orden para ver una estimación.
paper-ended = Los precios de muestra terminan en 2013: las órdenes no se ejecutan. Pide a un administrador otra fuente de datos o reproducir la muestra.
paper-seasons = Temporadas
paper-empty = Únete al trading simulado
paper-empty-note = Todos empiezan { $season } con { $cash }. La temporada termina el { $date } con una clasificación final.
paper-join = Unirse a { $season }
paper-joined = Ya participas. Envía tu primera orden.
paper-account = { $season }, hasta el { $date }
paper-account-closed = { $season }, terminó el { $date }
paper-made = Rentabilidad
paper-reserved = Reservado para órdenes
paper-free = Poder de compra
paper-chart = { $count ->
    [one] Valor de la cuenta en { $count } día
   *[other] Valor de la cuenta en { $count } días
}
paper-trades = Operaciones
paper-ticket = Nueva orden
paper-side = Sentido
paper-buy = Comprar
paper-sell = Vender
paper-kind = Tipo
paper-market = De mercado
paper-limit = Limitada
paper-limit-price = Precio límite
paper-place = Enviar orden
paper-placed = Orden de { $symbol } enviada. Se ejecuta al siguiente precio.
paper-placed-still = Orden de { $symbol } enviada, pero sus precios terminaron: no se ejecutará.
paper-preview = Estimación: { $estimate } de { $instrument }. Último precio: { $price } ({ $source }). La orden se ejecuta al siguiente precio.
paper-preview-still = Estimación: { $estimate } de { $instrument }. Último precio: { $price } ({ $source }). Sus precios terminaron: la orden no se ejecutará.
paper-order = Orden
paper-placed-at = Enviada
paper-seen = Precio al enviar
paper-open-orders = Órdenes abiertas
paper-buy-units = Comprar { $units }
paper-sell-units = Vender { $units }
paper-buy-limit = Comprar { $units } a { $limit } o menos
paper-sell-limit = Vender { $units } a { $limit } o más
paper-cancel = Cancelar
paper-cancel-of = Cancelar la orden de { $symbol }: { $what }
paper-change = Editar
paper-change-of = Editar la orden de { $symbol }: { $what }
paper-changing = Editar orden de { $symbol }: { $what }
paper-changing-note = Al guardar se reemplaza la orden. Si la nueva no es válida, queda la anterior.
paper-change-place = Guardar orden
paper-change-leave = Cancelar
paper-changed = Orden de { $symbol } guardada. Se ejecuta al siguiente precio.
paper-sell-all = Vender todo { $symbol }
paper-canceled = Orden cancelada.
paper-positions = Posiciones
paper-positions-empty = Aún no hay posiciones. Envía una orden arriba.
paper-average = Coste medio
paper-price = Precio
paper-last-orders = Historial de órdenes
paper-when = Fecha
paper-filled = ejecutada
paper-was-canceled = cancelada
paper-expired = caducada
paper-rejected = rechazada: límite de la cuenta alcanzado
paper-rejected-cash = rechazada: efectivo insuficiente
paper-rejected-units = rechazada: acciones insuficientes
paper-waits = abierta
paper-leaderboard = Clasificación
paper-leaderboard-of = Clasificación de { $season }
paper-leaderboard-empty = Aún no hay miembros. Únete tú primero.
paper-luck = Rentabilidad desde la inscripción, a los últimos precios. Busca a quienes superan el índice varias temporadas.
paper-closed = Clasificación final del { $date }.
paper-more = { $count ->
    [one] Y { $count } más.
   *[other] Y { $count } más.
}
paper-member = Miembro
paper-holding = Índice de referencia: { $symbols }, a partes iguales, desde el { $date }
