"""The page's texts in Spanish, with names of levers, metrics and switches."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "page_title": "Cartelitos: qué pasa cuando cae el capo",
    "tagline": "Mueva una palanca y vea qué cambia frente a seguir igual. Un modelo, no un pronóstico; los números son personas.",
    "skip": "Ir a los resultados",
    "other_language": "English",
    "share": "Copiar enlace",
    "shared": "El enlace está en el portapapeles. Contiene todo lo que eligió.",
    "share_by_hand": "Copie la dirección de la barra: contiene todo lo que eligió.",
    "save_scenario": "Guardar escenario",
    "lessons": "Lecciones",
    "save_figures": "Guardar figuras",
    "look": "Colores",
    "look_auto": "como el dispositivo",
    "look_light": "claros",
    "look_dark": "oscuros",
    "levers": "Política",
    "built_on": "Parte de",
    "reset": "Soltar palancas",
    "family_militarized": "Fuerza y oferta",
    "family_demand": "Demanda de drogas",
    "family_roots": "Causas de fondo e instituciones",
    "family_cross": "Transversales",
    "as_is": "según lo previsto",
    "none_left": "no queda nada",
    "from_year": "desde",
    "lever_start": "{lever}: empieza en",
    "price_unit": "1 más: {cost} al año ({low} a {high}), EE. UU. {us} %",
    "price_now": "{sign}{cost} al año ({low} a {high}), EE. UU. {us} %",
    "evidence_strong": "evidencia sólida",
    "evidence_mixed": "evidencia mixta",
    "evidence_thin": "evidencia escasa",
    "about": "Qué es",
    "unit_is": "1 es {unit}.",
    "lag_is": "El dinero tarda unas {weeks} semanas en surtir efecto.",
    "range_note": "Costos a precios bajos, medios y altos. El efecto se sortea dentro de un rango en cada mundo.",
    "budget": "Costo adicional",
    "budget_line": "{sign}{cost} al año a precios medios ({low} a {high})",
    "budget_usual": "nada más allá de seguir igual",
    "budget_us": "Estados Unidos {cost}",
    "budget_mx": "México {cost}",
    "budget_alt": "Costo adicional al año: Estados Unidos {us}, México {mx}; el presupuesto de comparación es {budget}.",
    "budget_target": "Comparar con",
    "budget_merida": "Mérida, {cost} al año",
    "budget_deployment": "Despliegue completo, {cost} al año",
    "equal_cost": "Que cueste lo mismo",
    "equal_done": "Todos los cambios se multiplican por {factor}: ahora {cost} al año más que seguir igual.",
    "equal_empty": "Mueva antes una palanca: no hay nada que escalar.",
    "equal_saves": "Estos cambios ahorran dinero; ningún múltiplo de ellos cuesta tanto.",
    "equal_far": "Aun con cada palanca en su tope, esto cuesta {cost} al año. Así queda.",
    "assumptions": "Supuestos",
    "assumptions_note": "No son políticas. La literatura discrepa sobre ellos y también cambian lo que pasa si se sigue igual. "
    "Si no se tocan, cada mundo sortea su propio valor.",
    "assumptions_none": "sorteados por mundo",
    "assumptions_some": "{count} fijos",
    "fix": "Fijar",
    "results": "Resultados",
    "view_charts": "Gráficas",
    "view_map": "Mapa",
    "view_tree": "Genealogía",
    "view_news": "Sucesos",
    "outcomes": "Resultados que se muestran",
    "tables": "Tablas",
    "usual": "seguir igual",
    "policy": "su política",
    "legend_band": "franja: 5 a 95 % de {count} mundos; línea: el mundo de en medio",
    "status_wait": "Calculando ...",
    "status_usual": "Seguir igual. Mueva una palanca.",
    "status_sketch": "Un esbozo de {done} de {count} mundos: la línea de seguir igual, desplazada por la diferencia media hasta ahora.",
    "status_done": "{count} mundos, cada uno con y sin su política.",
    "status_lost": "No se pudo simular: el trabajo se perdió {tries} veces. Mueva una palanca para intentarlo de nuevo.",
    "status_failed": "No se pudo simular ({error}). Otras elecciones sí se pueden.",
    "per_year": "{unit} al año",
    "thousand": "miles de {unit}",
    "billion": "miles de millones de US$",
    "change": "{percent} ({low} a {high}), peor en {worse} de {count} mundos",
    "change_short": "{percent} ({low} a {high})",
    "change_few": "{percent} hasta ahora",
    "change_same": "sin diferencia",
    "whole_run": "todo el periodo frente a seguir igual, media e intervalo de 95 %",
    "chart_alt": "{title}: si se sigue igual, de {a} en {first} a {b} en {last}.{policy}",
    "chart_alt_policy": " Con su política, {c} en {last}.",
    "why_what": "¿Por qué cambia?",
    "why_wait": "Se simulan {count} mundos con respuestas apagadas: van {done} ...",
    "mini": "{title} {percent}",
    "year": "Año",
    "table_caption": "{title}, {unit}: mundo de en medio (5 a 95 %)",
    "predict": "Predecir antes",
    "predict_ask": "Antes de verlo: ¿qué hará su política con esto, en todo el periodo?",
    "predict_why": "Porque",
    "predict_commit": "Comprometerse y ver",
    "predict_locked": "Los resultados están ocultos hasta que se comprometa con una predicción.",
    "predict_first": "Mueva una palanca y luego prediga.",
    "predict_table": "Su predicción (▶) sobre {count} mundos: en cuántos cambió tanto el resultado, en todo el periodo",
    "predict_mean": "cambio medio",
    "span_much_less": "más de 10 % menos",
    "span_less": "de 2 a 10 % menos",
    "span_same": "dentro de 2 %",
    "span_more": "de 2 a 10 % más",
    "span_much_more": "más de 10 % más",
    "predict_reason": "Su razón: {why}",
    "world": "Mundo",
    "world_note": "Una de muchas historias posibles: el mundo {world} con {policy}.",
    "story_wait": "Simulando este mundo ...",
    "month": "Mes",
    "play": "Reproducir",
    "pause": "Pausa",
    "map_dominant": "Grupo dominante",
    "map_groups": "Grupos presentes",
    "map_rate": "Homicidios por 100,000 al año",
    "map_what": "El mapa muestra",
    "map_form": "como",
    "map_tiles": "cuadros iguales",
    "map_outlines": "contornos",
    "map_alt": "{what}, {month}: {most}",
    "map_nobody": "ningún grupo",
    "map_others": "otros grupos",
    "map_table": "Lo mismo en una tabla",
    "state": "Estado",
    "tree_note": "Cada línea es un grupo, de su primer a su último día; su grosor, los miembros que llegó a tener; el color, el linaje; "
    "un triángulo, un capo caído. Pálido: células depredadoras.",
    "tree_group": "Grupo",
    "tree_parent": "viene de",
    "tree_born": "desde",
    "tree_died": "hasta",
    "tree_peak": "más miembros",
    "tree_alt": "Genealogía de {count} grupos, {drawn} de ellos dibujados; {alive} existen en {month}.",
    "spare": "Perdonar a un líder",
    "spare_nobody": "a nadie: la historia como fue",
    "spare_item": "{date}: el capo de {group} ({how})",
    "spare_note": "El mismo mundo y la misma suerte, pero este líder nunca cayó. Lo que difiere crece desde ahí.",
    "spare_homicides": "Homicidios en los 36 meses siguientes: {with_} con la caída, {without} sin ella ({sign}{difference}).",
    "spare_groups": "Grupos al final: {with_} con la caída, {without} sin ella.",
    "spare_one": "Un solo mundo es una anécdota: en otros el signo puede ser otro.",
    "fork_with": "líder caído",
    "fork_without": "líder perdonado",
    "story_head": "Homicidios en los últimos 12 meses: {killed}. Grupos armados: {groups}.",
    "news_note": "Lo que pasó en este mundo hasta {month}; lo último primero.",
    "news_more": "En estos meses hay {count} sucesos menores que no se enumeran.",
    "link_too_long": "El enlace es demasiado largo para ser de esta página; se muestra lo que pasa si se sigue igual.",
    "link_unknown": "El enlace nombra «{field}», que no existe.",
    "link_near": "El enlace nombra «{field}», que no existe; ¿quiso decir «{near}»?",
    "link_number": "El enlace da {field} como «{value}», que no es un número; se omite.",
    "link_bounds": "El enlace da {field} como {value}; se admite de {low} a {high}, y se usa lo más cercano.",
    "link_choice": "El enlace da {field} como «{value}»; hay: {allowed}.",
    "server_full": "Este servidor ya tiene tantas visitas como puede atender. Inténtelo de nuevo en unos minutos.",
    "gang": "banda de {place} {year}-{number}",
    "billions": "{amount} mil M",
    "millions": "{amount} M",
}

EVENTS: dict[str, str] = {
    "removal": "El capo de {cartel} es {how} en {place}.",
    "removal_surrender": "El capo de {cartel} se entrega en {place}.",
    "removal_lieutenant": "Un lugarteniente de {cartel} es {how} en {place}.",
    "removal_failed": "En {place} fracasa un intento de detener a un líder de {cartel}.",
    "spared": "El capo de {cartel} queda libre en {place}: aquí se separan las historias.",
    "succession": "{cartel} tiene un nuevo capo.",
    "rout": "En {place} {cartel} se derrumba ante {other}: {size} personas se pasan al vencedor o se van a casa.",
    "split": "{size} personas se separan de {cartel} en {place} y forman {other}.",
    "defection": "Una banda de {size} deja {cartel} por {other} en {place}.",
    "war": "{cartel} y {other} entran en guerra por {place}.",
    "truce": "{cartel} y {other} dejan de pelear por {place}.",
    "alliance": "{cartel} y {other} se alían.",
    "rupture": "{cartel} y {other} dejan de ser aliados.",
    "expansion": "{cartel} se instala en {place}.",
    "absorbed": "{other} absorbe a {cartel} en {place}.",
    "dissolved": "{cartel} se deshace en {place}.",
    "entry": "Aparece una nueva banda local, {cartel}, en {place}.",
    "extradition": "El capo preso de {cartel} es extraditado.",
    "death": "Muere el capo de {cartel}.",
    "broker_lost": "{cartel} pierde un enlace con proveedores, financieros o traficantes de armas.",
    "broker_won": "{cartel} consigue un nuevo enlace con proveedores, financieros o traficantes de armas.",
}

ARTICLES: dict[str, str] = {"": "", "Cártel": "el", "Federación": "la", "banda": "la"}

MANNERS: dict[str, str] = {
    "capture": "capturado",
    "killing": "muerto",
    "extradition": "extraditado",
    "surrender": "entregado",
}

UNITS: dict[str, str] = {"share": "proporción", "1 = start": "1 = inicio", "guns": "armas"}  # that an explanation in words leaves out

LEVERS: dict[str, tuple[str, str, str]] = {
    "kingpin_targeting": (
        "Caza de capos",
        "el esfuerzo de 2007-12 contra capos y lugartenientes",
        "Perseguir a la cúpula de un cártel para romper su mando. Cada caída abre una sucesión: los herederos pueden pelear, las "
        "células escindirse y los rivales avanzar.",
    ),
    "rewards": (
        "Recompensas",
        "recompensas por cada figura principal, unas cuatro pagadas al año",
        "Pagar a gente de dentro para que entregue a sus líderes. Un líder traicionado deja una organización desconfiada y una "
        "sucesión como cualquier otra.",
    ),
    "extradition": (
        "Extradición",
        "el ritmo de 2009, 107 extraditados al año",
        "Enviar al extranjero a los líderes presos para que no manden desde la cárcel. También se va lo que desde la celda mantenía "
        "unido al grupo, y lo que se declara fuera no sirve a las víctimas en casa.",
    ),
    "military_deployment": (
        "Despliegue militar",
        "4 soldados o marinos en seguridad pública por cada 10,000 habitantes, unos 45,000 en el país",
        "Patrullar con soldados donde la policía es débil o está comprada. Los choques matan a miembros, soldados y terceros; crecen "
        "las quejas, y la fuerza que hiere a terceros alimenta el reclutamiento.",
    ),
    "general_arrests": (
        "Detenciones generales",
        "otra vez el esfuerzo de detención de 2012, unos 5,700 miembros al año",
        "Detener a más miembros de todo rango. Las prisiones se llenan, los liberados vuelven y los huecos atraen reclutas.",
    ),
    "equipment": (
        "Equipo y aeronaves",
        "el paquete de aeronaves y movilidad de Mérida, unos US$ 600 millones en diez años, y su mantenimiento",
        "Dar a las fuerzas aeronaves, radios y blindaje para que alcancen y sometan a un líder protegido. Una parte acaba en malas "
        "manos.",
    ),
    "task_force_coordination": (
        "Grupos de trabajo conjuntos",
        "un grupo binacional permanente de unas 150 personas (USCTOC, GANSEG)",
        "Compartir inteligencia entre agencias y países para golpear mejor con lo mismo. Lo que más gente sabe se filtra más; nadie ha "
        "medido la ganancia neta.",
    ),
    "interdiction": (
        "Decomisos y escáneres",
        "escáneres, perros y control de puertos por unos US$ 300 millones al año",
        "Decomisar más para que la droga escasee y encarezca. Las rutas se adaptan, y donde la demanda cede poco la escasez eleva los "
        "ingresos y lo que hay en disputa.",
    ),
    "precursor_control": (
        "Control de precursores",
        "control de importación y venta de precursores por unos US$ 40 millones al año",
        "Privar de químicos a la producción sintética. Los productores cambian de receta y de proveedor, a veces hacia productos más "
        "peligrosos.",
    ),
    "crop_eradication": (
        "Erradicación de cultivos",
        "15,600 hectáreas de amapola destruidas al año, la media de 2008-12",
        "Destruir amapola para que los lugares que la cultivan valgan menos. Quien cultiva pierde el sustento, los campos se mudan y "
        "los grupos sin renta buscan otra presa.",
    ),
    "leader_sanctions": (
        "Sanciones a líderes",
        "el ritmo de la Ley Kingpin en 2000-19, unos tres capos mexicanos y sus empresas al año",
        "Excluir de bancos y comercio a los líderes designados. Los prestanombres cambian, y un grupo que pierde enlaces y paga se "
        "vuelve contra la presa cercana.",
    ),
    "ecosystem_sanctions": (
        "Sanciones al ecosistema",
        "un programa de designaciones de unos US$ 35 millones al año contra proveedores, vendedores y financieros (EO 14059)",
        "Cortar los enlaces con el exterior, y no al líder. Los grupos sin enlaces dejan de traficar, no de existir: pueden pasar a la "
        "extorsión.",
    ),
    "account_freezes": (
        "Congelamiento de cuentas",
        "los congelamientos de la unidad de inteligencia financiera en 2019, unos US$ 50 millones al año",
        "Congelar las cuentas de los cárteles y de quienes mueven su dinero. La nómina que falta cuesta cohesión: quien no cobra "
        "deserta, se escinde o extorsiona.",
    ),
    "treatment": (
        "Tratamiento",
        "5 % más de los usuarios intensos al año en tratamiento eficaz, unas 200,000 personas",
        "Tratar a los usuarios intensos, que consumen la mayor parte. Los grupos que ganan menos con drogas pueden quitar más a la "
        "gente en casa.",
    ),
    "prevention": (
        "Prevención del consumo",
        "un programa escolar probado para cada alumno de una generación en Estados Unidos",
        "Evitar que los jóvenes empiecen. Surte efecto tarde: la edad del primer consumo llega años después de gastado el dinero.",
    ),
    "naloxone": (
        "Naloxona",
        "un millón de dosis al año a usuarios y testigos, para cerca de una vigésima parte de las muertes",
        "Revertir sobredosis. Quien sobrevive sigue consumiendo, así que ni el consumo ni el ingreso de los cárteles bajan.",
    ),
    "recruitment_prevention": (
        "Prevención del reclutamiento",
        "100,000 hombres jóvenes en riesgo al año con terapia, mentoría y trabajo pagado",
        "Llegar antes que los cárteles a los jóvenes que reclutan. Los de más riesgo son los más difíciles de alcanzar, y a quien "
        "necesita gente le queda la fuerza.",
    ),
    "legal_wage": (
        "Salario legal",
        "aprendizajes con salario mínimo para 590,000 jóvenes, el programa de 2020",
        "Subir lo que paga la mejor alternativa legal. La mayor parte llega a quien no habría entrado; las transferencias débiles no "
        "han movido el homicidio.",
    ),
    "violence_prevention": (
        "Prevención de la violencia",
        "el programa nacional de 2013-15, unos 2,500 millones de pesos al año",
        "Evitar homicidios ajenos al crimen organizado en los barrios que más sufren. A los cárteles los deja como están y tarda un año "
        "o más.",
    ),
    "justice": (
        "Instituciones de justicia",
        "fiscales, tribunales y laboratorios forenses por unos US$ 250 millones al año",
        "Que una detención acabe más a menudo en sentencia. Las prisiones se llenan, y las penas largas por sí solas han evitado poco.",
    ),
    "police_integrity": (
        "Integridad policial",
        "un subsidio como el Subsemun, de 4 a 5 mil millones de pesos al año, en sueldos y controles",
        "Pagar, depurar y formar a la policía para que sea más difícil comprarla. Quien es despedido puede cambiar de bando, y una "
        "policía mejor presiona a los grupos, que pueden responder con violencia.",
    ),
    "rights_safeguards": (
        "Salvaguardas de derechos",
        "reglas de uso de la fuerza, oficinas de quejas y juicios civiles donde haya despliegue",
        "Que la fuerza distinga entre miembros y terceros. Las oficinas abiertas sacan a la luz más quejas aunque el daño baje; el "
        "modelo cuenta el daño.",
    ),
    "rehabilitation": (
        "Rehabilitación y salida",
        "lugares para 2,000 que salen al año, con protección y trabajo",
        "Abrir una salida a los miembros. Quien sale arriesga represalias, y las víctimas ven gastar en quienes las dañaron.",
    ),
    "arms_control": (
        "Control de armas al sur",
        "un programa de unos US$ 75 millones al año contra las armas que van al sur, como en 2009",
        "Dejar pasar menos armas, para que las peleas maten a menos gente. La venta se muda y las armas que ya están duran años.",
    ),
    "anti_corruption": (
        "Anticorrupción",
        "una comisión independiente contra la impunidad, como la de Guatemala, del tamaño de México",
        "Procesar a los funcionarios que venden protección. Hace enemigos poderosos y dura lo que su mandato; romper la protección "
        "puede desatar viejos arreglos.",
    ),
    "conditional_repression": (
        "Represión condicional",
        "disuasión enfocada en los grupos más violentos con una reserva de unos 5,000 oficiales",
        "Dirigir la fuerza contra la violencia y no contra la presencia, para que pelear cueste más que la paz. A los callados se les "
        "deja comerciar, y la promesa ha de ser creída.",
    ),
    "non_confrontation": (
        "No confrontación",
        "órdenes de evitar choques, como después de 2018",
        "Mantener a la fuerza fuera de peleas innecesarias. Muere menos gente en choques y los grupos conservan sus plazas.",
    ),
}

SWITCHES: dict[str, str] = {
    "demand_elasticity": "cuánto baja el consumo cuando sube el precio",
    "revenue_clock": "1: los ingresos siguen la serie externa documentada; 0: constantes",
    "synthetic_response": "cómo cambian los decomisos la parte sintética: >0 adverso, <0 favorable, 0 nada",
    "crowding": "chi: parte del hacinamiento que se diluye entre gente armada y no entre residentes",
    "decisiveness": "m: cuánto decide la fuerza quién controla",
    "background_rivalry": "b: hostilidad entre dos grupos que no están en guerra; 1 es el límite publicado",
    "stake_exponent": "psi: cuánto crece la pelea con lo que está en juego por persona armada",
    "help_national": "1: los aliados ayudan dondequiera que estén (forma publicada); 0: solo aquí y al lado",
    "leader_loss_weight": "w: paciencia perdida por cada líder perdido al año",
    "entry_rate": "nuevas bandas locales al año cuando la depredación está tan desprotegida como en 2006",
    "capture_shock": "golpe de una captura frente al de una muerte",
    "rout": "el bando débil de una guerra se derrumba cuando cae su capo",
    "broker_split": "1: cada enlace elige a un heredero o se va; 0: los herederos los comparten todos",
    "broker_adaptation": "enlaces cortados por sanciones que se reponen al año; 0: nunca se responde a las sanciones",
}

FOUNDERS: dict[str, str] = {
    "sinaloa": "Federación de Sinaloa",
    "gulf": "Cártel del Golfo",
    "juarez": "Cártel de Juárez",
    "tijuana": "Cártel de Tijuana",
    "milenio": "Cártel del Milenio",
    "oaxaca": "Cártel de Oaxaca",
    "colima": "Cártel de Colima",
}
