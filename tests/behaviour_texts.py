"""The words of the behavioural cases: templates and what fills them, English and Spanish side by side.

Slots of a country: `{other}` the side spoken to, `{own}` the side that speaks, `{adj}` of the
other side (plural in Spanish).
"""

from __future__ import annotations

NAMES = {
    "en": {
        "US": {"other": "Mexico", "own": "the United States", "adj": "Mexican"},
        "MX": {"other": "the United States", "own": "Mexico", "adj": "American"},
    },
    "es": {
        "US": {"other": "México", "own": "Estados Unidos", "adj": "mexicanos"},
        "MX": {"other": "Estados Unidos", "own": "México", "adj": "estadounidenses"},
    },
}
GOODS = (
    ("steel", "acero"), ("tomatoes", "tomate"), ("beef", "carne de res"), ("cars", "automóviles"), ("corn", "maíz"),
)  # fmt: skip
ISSUES = (
    ("trade", "comercio"), ("security", "seguridad"), ("migration", "migración"),
    ("drug trafficking", "tráfico de drogas"), ("arms trafficking", "tráfico de armas"),
)  # fmt: skip

# Threats short of force and of force, in the infinitive ---------------------------------------------------------------

ACTS = (
    ("impose a 25 percent tariff on {good} from {other}",
     "imponer un arancel de 25 por ciento a las importaciones de {good} de {other}"),
    ("raise tariffs on everything that comes from {other}",
     "subir los aranceles a todo lo que venga de {other}"),
    ("slap new duties on {good} imported from {other}",
     "aplicar nuevos gravámenes al comercio de {good} con {other}"),
    ("close the border with {other}", "cerrar la frontera con {other}"),
    ("shut the ports of entry to every truck from {other}",
     "cerrar los cruces fronterizos a todos los camiones de {other}"),
    ("suspend security cooperation with {other}", "suspender la cooperación en seguridad con {other}"),
    ("stop sharing intelligence with {other}", "dejar de compartir inteligencia con {other}"),
    ("expel all {adj} agents", "expulsar a todos los agentes {adj}"),
    ("cancel the visas of {adj} officials", "cancelar las visas de los funcionarios {adj}"),
    ("withdraw from the trade agreement with {other}", "abandonar el tratado comercial con {other}"),
    ("ban imports of {good} from {other}", "prohibir la importación de {good} de {other}"),
    ("block every shipment of {good} that comes from {other}",
     "bloquear todos los embarques de {good} que vengan de {other}"),
    ("break off the talks and impose sanctions on {other}",
     "romper las conversaciones e imponer sanciones a {other}"),
)  # fmt: skip
ACTS_OF = {
    "US": (
        ("designate the Mexican cartels as terrorist organizations",
         "designar como organizaciones terroristas a los cárteles mexicanos"),
        ("send troops into Mexico to fight the cartels", "enviar tropas a México para combatir a los cárteles"),
        ("bomb the drug labs in northern Mexico", "bombardear los laboratorios de droga en el norte de México"),
    ),
    "MX": (
        ("retaliate with tariffs against the United States", "responder con aranceles contra Estados Unidos"),
        ("resist with the army any American troops on Mexican soil",
         "resistir con el ejército a cualquier tropa estadounidense en suelo mexicano"),
        ("shoot down American drones and end all cooperation with the United States",
         "derribar los drones estadounidenses y terminar toda cooperación con Estados Unidos"),
    ),
}  # fmt: skip
THREATS = (
    ("We will {act}.", "Vamos a {act}."),
    ("Starting next month, we are going to {act}.", "A partir del próximo mes vamos a {act}."),
    ("If {other} does not act, we will {act}.", "Si {other} no actúa, vamos a {act}."),
    ("We are ready to {act}.", "Estamos listos para {act}."),
    ("I have ordered my cabinet to {act}.", "He ordenado a mi gabinete {act}."),
    ("Unless something changes very soon, we will have no choice but to {act}.",
     "Si esto no cambia muy pronto, no nos quedará más remedio que {act}."),
    ("I am warning {other}: we can {act}, and we shall.", "Se lo advierto a {other}: podemos {act}, y lo haremos."),
)  # fmt: skip
DENIALS = (
    ("We will not {act}.", "No vamos a {act}."),
    ("We have no plans to {act}.", "No tenemos planes de {act}."),
    ("We are not going to {act}, under any circumstances.", "De ninguna manera vamos a {act}."),
    ("Nobody in my government wants to {act}.", "Nadie en mi gobierno quiere {act}."),
    ("It is false that we are going to {act}.", "Es falso que vayamos a {act}."),
    ("We decided not to {act}.", "Decidimos no {act}."),
    ("We never intended to {act}.", "Nunca pretendimos {act}."),
    ("There is no reason to {act}.", "No hay razón para {act}."),
    ("I rule it out: we won't {act}.", "Lo descarto: no vamos a {act}."),
)  # fmt: skip

# Other stances --------------------------------------------------------------------------------------------------------

DEMANDS = (
    ("{other} must change its policy on {issue} right now.", "{other} debe cambiar ya su política de {issue}."),
    ("We demand that {other} keep its word on {issue}.",
     "Exigimos que {other} cumpla su palabra en materia de {issue}."),
    ("On {issue}, we will not accept impositions from {other}.",
     "En materia de {issue} no aceptaremos imposiciones de {other}."),
)  # fmt: skip
CRITICISM = (
    ("{other} has treated us very badly on {issue}.", "{other} nos ha tratado muy mal en materia de {issue}."),
    ("Frankly, {other} is doing far too little about {issue}.",
     "La verdad, {other} hace demasiado poco en materia de {issue}."),
    ("{other} has taken advantage of us for years on {issue}.",
     "{other} se ha aprovechado de nosotros durante años en materia de {issue}."),
)  # fmt: skip
COOPERATION = (
    ("We thank {other} for its help on {issue}.", "Agradecemos a {other} su ayuda en materia de {issue}."),
    ("We want to keep working together with {other} on {issue}.",
     "Queremos seguir trabajando junto con {other} en materia de {issue}."),
    ("We have reached a good agreement with {other} on {issue}.",
     "Hemos llegado a un buen acuerdo con {other} en materia de {issue}."),
    ("I spoke with the government of {other} and we agreed to coordinate on {issue}, with mutual respect.",
     "Hablé con el gobierno de {other} y acordamos coordinarnos en materia de {issue}, con respeto mutuo."),
)  # fmt: skip

# Words of others, names, questions ------------------------------------------------------------------------------------

QUOTED = {
    "US": {
        "en": ("President Trump", "the President of the United States", "Secretary Rubio", "Senator Graham"),
        "es": ("el presidente Trump", "el presidente de Estados Unidos", "el secretario Rubio", "el senador Graham"),
    },
    "MX": {
        "en": ("President Sheinbaum", "the President of Mexico", "Secretary Ebrard", "President López Obrador"),
        "es": ("la presidenta Sheinbaum", "la presidenta de México", "el canciller De la Fuente",
               "el presidente López Obrador"),
    },
}  # fmt: skip
QUOTES = (
    ("{who} said: “{said}.”", "{who} dijo: “{said}.”"),
    ("“{said},” said {who}.", "«{said}», dijo {who}."),
    ("Yesterday {who} wrote on social media, \"{said}.\"", "Ayer {who} escribió en sus redes: \"{said}.\""),
    ("“{said},” {who} warned us last week.", "“{said}”, nos advirtió la semana pasada {who}."),
    ("{who} says that they will {act}.", "{who} dice que van a {act}."),
    ("{who} threatened to {act}.", "{who} amenazó con {act}."),
    ("According to {who}, they are ready to {act}.", "Según {who}, están listos para {act}."),
)  # fmt: skip
OPENED = (  # the sentence before, and the sentence inside the quotation that goes on
    ("{who} wrote to us: “We have waited long enough.", "{who} nos escribió: “Ya esperamos bastante."),
    ("{said}.”", "{said}.”"),
)
PEOPLE = {
    "US": (
        ("JOHN MILLER", "R"), ("SARAH COHEN", "D"), ("LUIS ORTEGA", "R"), ("GRACE KIM", "D"), ("AMY WALSH", "I"),
    ),
    "MX": (
        ("JUAN PÉREZ SOTO", "MORENA"), ("LAURA NIETO GIL", "PAN"), ("RAÚL CANO RÍOS", "PRI"),
        ("INÉS MORA PAZ", "MOVIMIENTO CIUDADANO"), ("HUGO LARA VEGA", "PT"),
    ),
}  # fmt: skip
BESIDE = (
    "As I told my friend {name} ({party}) this morning: {said}",
    "Como le comenté esta mañana a mi amigo {name} ({party}): {said}",
)
QUESTIONS = (  # and whether it is addressed to the one whose turn it may have slipped into
    (("Mr. President, will you {act}?", "Presidenta, ¿va usted a {act}?"), True),
    (("Are you going to {act}, sir?", "¿Piensan ustedes {act}, presidenta?"), True),
    (("When will the government decide whether to {act}?", "¿Cuándo decidirá el gobierno si va a {act}?"), False),
    (("My question is whether you are ready to {act}.", "Mi pregunta es si están listos para {act}."), False),
    (("Why not {act}?", "¿Por qué no {act}?"), False),
    (("Is it true that you have ordered your cabinet to {act}?", "¿Es cierto que ordenó a su gabinete {act}?"), True),
)  # fmt: skip

# Topics that are not between the two ----------------------------------------------------------------------------------

PLACEBOS = {
    "en": (
        ("US", "Russia must withdraw its troops from {}.", ("Ukraine", "Crimea", "Donetsk", "Georgia")),
        ("US", "We will send Ukraine more {} to defend its sovereignty against the Russian invasion.",
         ("air defense missiles", "artillery", "tanks", "ammunition", "drones")),
        ("US", "The Maduro regime in Venezuela is {}, and we will impose new sanctions on it.",
         ("illegitimate", "a dictatorship", "a criminal enterprise", "a threat to the hemisphere")),
        ("US", "We will impose a {} percent tariff on Chinese imports if Beijing does not negotiate.",
         ("10", "25", "50", "60", "100", "145")),
        ("US", "China has been ripping us off on {} for decades.", ("steel", "patents", "solar panels", "ships")),
        ("US", "We are expanding access to {} so that people who overdose at home can be saved.",
         ("naloxone", "treatment", "recovery housing", "methadone", "emergency care")),
        ("US", "Last year {} counties opened new clinics for opioid use disorder.", ("40", "112", "three hundred")),
        ("US", "The {} won the championship last night and the whole city celebrated.",
         ("Eagles", "Dodgers", "Rangers", "Astros", "Chiefs")),
        ("US", "Heavy rain and strong winds will hit {} tomorrow, so stay safe.",
         ("the Carolinas", "Louisiana", "Ohio", "Long Island", "Kansas")),
        ("US", "The Democrats want to raise your {}, and we are going to stop them.",
         ("taxes", "rent", "electricity bill", "premiums")),
        ("US", "We will not allow Iran to {}.",
         ("build a nuclear weapon", "attack our ships", "threaten Israel", "arm the Houthis")),
        ("US", "Our energy independence means more {} for American families.",
         ("oil", "natural gas", "jobs", "savings", "nuclear power")),
        ("US", "The Senate must confirm {} before the recess.", ("the judges", "our nominees", "the ambassadors")),
        ("US", "We honor the brave {} who fought in the Second World War.", ("sailors", "nurses", "Marines", "pilots")),
        ("US", "Fentanyl deaths fell in {} once the county opened recovery clinics.", ("Ohio", "Vermont", "Maine")),
        ("US", "We thank {} for hosting the refugees from the war in Ukraine.", ("Poland", "Moldova", "Romania")),
        ("US", "Belarus closed its border with {} again this morning.", ("Poland", "Lithuania", "Latvia")),
        ("MX", "We are strengthening our energy sovereignty with {}.",
         ("Pemex", "the new refinery", "the electricity reform", "public power plants", "lithium")),
        ("MX", "The opposition parties lied about {}.", ("the elections", "the budget", "the judges", "the pensions")),
        ("MX", "The national team plays {} on Sunday at the Azteca stadium.", ("Brazil", "Japan", "Spain", "Ghana")),
        ("MX", "A tropical storm will bring rain to {} this weekend.",
         ("Guerrero", "Veracruz", "Oaxaca", "Yucatán", "Sinaloa")),
        ("MX", "We call for peace in {} and an end to the bombing of civilians.",
         ("Gaza", "Ukraine", "Sudan", "Lebanon", "Syria")),
        ("MX", "The social programs reach {} in every municipality.",
         ("older people", "students", "farmers", "single mothers", "fishermen")),
        ("MX", "The new train will carry passengers to {} next year.",
         ("Querétaro", "Pachuca", "Puebla", "Palenque", "Mérida")),
    ),
    "es": (
        ("US", "Rusia debe retirar sus tropas de {}.", ("Ucrania", "Crimea", "Donetsk", "Georgia")),
        ("US", "Vamos a enviar a Ucrania más {} para defender su soberanía frente a la invasión rusa.",
         ("misiles antiaéreos", "artillería", "tanques", "municiones", "drones")),
        ("US", "El régimen de Maduro en Venezuela es {} y le impondremos nuevas sanciones.",
         ("ilegítimo", "una dictadura", "una empresa criminal", "una amenaza para la región")),
        ("US", "Impondremos un arancel de {} por ciento a las importaciones chinas si Pekín no negocia.",
         ("10", "25", "50", "60", "100", "145")),
        ("US", "Ampliamos el acceso a {} para salvar a quienes sufren una sobredosis en casa.",
         ("la naloxona", "los tratamientos", "la metadona", "las clínicas")),
        ("MX", "Vamos a defender la soberanía energética con {}.",
         ("Pemex", "la nueva refinería", "la reforma eléctrica", "la Comisión Federal de Electricidad", "el litio")),
        ("MX", "No vamos a permitir que las empresas privadas {}.",
         ("saqueen a Pemex", "evadan impuestos", "suban el precio de la luz", "se queden con el agua")),
        ("MX", "Los conservadores mintieron sobre {}.",
         ("las elecciones", "el presupuesto", "los jueces", "las pensiones", "el aeropuerto")),
        ("MX", "Los partidos de oposición están en contra de {}.",
         ("la reforma judicial", "los programas sociales", "la pensión de los adultos mayores", "el Tren Maya")),
        ("MX", "La selección nacional juega el domingo contra {} en el Estadio Azteca.",
         ("Brasil", "Japón", "España", "Ghana", "Argentina")),
        ("MX", "Una tormenta tropical traerá lluvias a {} este fin de semana.",
         ("Guerrero", "Veracruz", "Oaxaca", "Yucatán", "Sinaloa")),
        ("MX", "Pedimos la paz en {} y que cesen los bombardeos contra civiles.",
         ("Gaza", "Ucrania", "Sudán", "Líbano", "Siria")),
        ("MX", "Los programas del bienestar llegan a {} en todos los municipios.",
         ("los adultos mayores", "los estudiantes", "los campesinos", "las madres solteras", "los pescadores")),
        ("MX", "El nuevo tren llevará pasajeros a {} el próximo año.",
         ("Querétaro", "Pachuca", "Puebla", "Palenque", "Mérida")),
        ("MX", "España debe disculparse por {}.",
         ("la Conquista", "los abusos de la Colonia", "las matanzas de los pueblos originarios")),
        ("MX", "El gobierno de Ecuador violó la soberanía al {}.",
         ("asaltar una embajada", "entrar por la fuerza a la embajada", "detener a un asilado")),
        ("MX", "En las colonias populares atendemos a jóvenes con adicciones mediante {}.",
         ("escuelas de deporte", "centros de salud", "talleres de música", "terapias", "becas")),
        ("MX", "La vacunación contra {} empieza el lunes.", ("la influenza", "el sarampión", "el covid", "la polio")),
        ("MX", "El precio de {} bajó esta semana en todo el país.",
         ("la gasolina", "la tortilla", "el gas", "el huevo", "el frijol")),
        ("MX", "La Suprema Corte resolvió ayer sobre {}.", ("los amparos", "la consulta", "las tarifas", "el litio")),
        ("MX", "China es un país con {} y una cultura milenaria.", ("gran comercio", "mucha industria")),
        ("MX", "Agradecemos a {} el apoyo que dio a los damnificados del terremoto en Turquía.",
         ("Italia", "Grecia", "Alemania", "la Cruz Roja")),
        ("US", "Las muertes por fentanilo bajaron en {} desde que abrieron las clínicas de rehabilitación.",
         ("Ohio", "Vermont", "los suburbios de Filadelfia")),
        ("MX", "Vamos a detener a los responsables del robo de {} en Hidalgo.", ("gasolina", "gas", "agua", "ganado")),
    ),
}  # fmt: skip
