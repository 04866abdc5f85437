"""What a told run says in Spanish, beside the words that it shares with the teaching page."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "story_title": "{scenario}: la historia de un mundo",
    "story_lead": "Esta es una de muchas historias posibles de un modelo; no es un pronóstico ni lo que ocurrió. Las muertes son "
    "simuladas, pero cada una representa a una persona.",
    "story_which": "Escenario {scenario} ({title}), mundo {world}, de {first} a {last}.",
    "in_short": "En breve",
    "how_it_went": "Cómo fue",
    "the_country": "El país en el tiempo",
    "who_from_whom": "Quién viene de quién",
    "killed_by_year": "Los muertos, año por año",
    "how_chosen": "Cómo se eligió esto",
    "what_it_is_not": "Lo que esto no dice",
    "where_from": "De dónde sale",
    "short_start": "Al terminar {month} hay en el país {groups} grupos armados; en los primeros doce meses son asesinadas {killed} "
    "personas.",
    "short_end": "Al terminar {month} hay {groups} grupos, y en los últimos doce meses son asesinadas {killed} personas.",
    "short_all": "En total son asesinadas {killed} personas en {years} años.",
    "short_state": "El Estado captura o mata a {falls} capos. {splits} veces una banda se separa y forma un grupo propio; aparecen "
    "{entries} bandas locales nuevas y terminan {ends} grupos.",
    "worst_year": "Empiezan los doce meses más mortíferos. Al terminar han sido asesinadas {size} personas, {a_day} al día.",
    "worst_place": "{place} termina los doce meses más mortíferos de todos los lugares: {size} personas asesinadas por cada 100,000 "
    "habitantes.",
    "falls_size": "El grupo tiene {size} miembros.",
    "falls_year": "En el año siguiente, grupos que se separan de él: {followers}. Personas asesinadas por cada 100,000 habitantes de "
    "{place}: {before} en el año anterior, {after} en el siguiente.",
    "falls_short": "En el año siguiente, grupos que se separan de él: {followers}.",
    "wars": "{one} y {two} entran en guerra, primero por {place}. Lugares en los que pelean: {places}. {end}",
    "wars_over": "La última de estas guerras termina en {last}.",
    "wars_open": "Al final de la historia siguen peleando.",
    "ends_peak": "En su mejor momento tuvo {size} miembros.",
    "growth": "Ya hay {places} grupos armados, por lo menos {size} veces los del inicio.",
    "rule_worst_year": "Los doce meses seguidos con más personas asesinadas.",
    "rule_worst_place": "El lugar y los doce meses con más personas asesinadas por cada 100,000 habitantes.",
    "rule_falls": "Los {count} capos, de los capturados o muertos por el Estado, cuyos grupos eran más grandes, por miembros en ese día.",
    "rule_splits": "Las {count} bandas más numerosas que se separaron.",
    "rule_wars": "Las {count} guerras más largas entre dos grupos: meses de guerra, sumados en todos los lugares donde pelearon.",
    "rule_ends": "De los grupos que terminaron, los {count} que fueron más grandes en su mejor momento.",
    "rule_growth": "El primer mes que termina con dos, cuatro, ocho veces ... los grupos del primero.",
    "rules_tie": "No decide nada más; los iguales se cuentan en orden de tiempo. Todo lo que ocurrió está en la tabla de eventos de la "
    "corrida.",
    "not_cause": "Que una cosa siga a otra no dice que venga de ella. Si la caída de un líder cambió algo se pregunta simulando otra vez "
    "el mismo mundo sin quitar al líder: `cartelitos twins`.",
    "not_typical": "Un mundo es una anécdota. En otro mundo del mismo escenario pueden ganar otros grupos y morir menos o más personas; "
    "`cartelitos run` muestra cuánto difieren los mundos.",
    "not_real": "Los grupos llevan los nombres que tenían en 2006. Lo que hacen después es simulado y no dice nada de ninguna persona ni "
    "de ningún grupo real.",
    "provenance": "Escenario {scenario}, mundo {world} (réplica {replicate}), semilla {seed}, corrida {run}, versión del modelo {version}.",
    "repeat": "Para contarla otra vez: {command}",
    "timeline_title": "Personas asesinadas al día",
    "timeline_alt": "Personas asesinadas al día: {first} en {first_month}, {last} en {last_month}, como máximo {most} en {most_month}. "
    "Los números señalan los sucesos de la lista de abajo.",
    "film_title": "{month}: linaje del grupo más grande de cada lugar",
    "film_note": "Simulado: {scenario}, mundo {world}. Personas asesinadas al día:",
    "film_file": "El mapa como película: {files}, junto a esta página.",
    "year_killed": "Personas asesinadas",
    "year_groups": "Grupos al final",
    "year_falls": "Capos caídos",
    "year_table": "Personas asesinadas, grupos y capos caídos por año (el primero y el último pueden estar incompletos)",
    "map_month": "{month}: linaje del grupo más grande de cada lugar",
    "tree_title": "Cada línea es un grupo desde su primer día hasta el último",
}
