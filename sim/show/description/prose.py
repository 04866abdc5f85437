"""What cannot be generated: why the model exists, what it leaves out, and the ideas it is built on."""

from __future__ import annotations

PURPOSE = """\
When the state removes kingpins, what happens to violence, to the number of armed groups, to predation on civilians, to
the drug supply and to overdose deaths - and what would the same money have done on the demand side, on recruitment, on
arms or on finance instead? The model is for researchers, teachers and analysts who compare policies. It compares; it
does not forecast: every answer is a difference between policies that share their luck, over many plausible worlds."""

PATTERNS = """\
The model is judged by what it was not told: homicides that rise, fall and rise again under continued removals; a few
cartels that become many groups; more killing near a removal for some months, and less where the weaker side of a war is
removed; extortion that rises after removals while kidnapping does not; stocks and flows of members of a known size;
treatment that does more per dollar against use than enforcement; a published model of recruitment as a limit case.
Where data cannot tell two explanations apart, both are kept as families of plausible worlds."""

SCOPE = """\
Left out: femicide, Central America, investor confidence, cyber crime. The model is one of aggregates. Its
organisations carry the names of public reports, its leaders are drawn by chance and stand for nobody, and nothing in it
is operational advice: it cannot say whom to pursue, where, or how. Homicides and overdose deaths are never added up."""

SCHEDULING = """\
Time is discrete. A step sees what the steps before it left; within a step everybody decides at once, and where turns
are needed their order is drawn by lineage, never by who else exists. Fast steps run every week, slow choices every few
weeks."""

CONCEPTS = {
    "Basic principles": """\
Groups fight over places by a contest function, keep pacts while their leaders expect to be there tomorrow, recruit from
a finite pool, and sell into a market whose price pays for risk. No line of the model says that a removal raises
violence: a removal costs cohesion, patience, strength and brokers, and the rest follows or does not.""",
    "Emergence": """\
Number and size of groups, wars, homicides by cause, the turn from trafficking to predation, and the effect of every
lever emerge. Imposed are the outside series of the world, the rates that are sampled, and each lever's first push.""",
    "Adaptation": """\
Plazas move effort to the sector that pays, members to places that pay, routes around seizures; plazas choose enemies;
lieutenants stay, leave or defect; brokers and allies choose an heir.""",
    "Objectives": """\
Income per member in choices of effort and place; the worth of a lasting pact against that of an attack; own strength,
cohesion and shared rent in choices of loyalty. Choices are logits: better is likelier, nobody optimises.""",
    "Learning": "None. Smoothed experience changes what is perceived, never how a choice is made.",
    "Prediction": """\
Implicit: the recent past is expected to last. Lost leaders shorten horizons, and a short horizon favours looting and
attack.""",
    "Sensing": """\
Cartels know their own books, who is where they are and next door, and what places yield; recruits know pay and the
recent risks of prison and death; the state knows presence, visible violence and notoriety, less where it is bought.""",
    "Interaction": """\
Direct: wars, pacts, alliances, grudges, absorption, successions. Through what is shared: recruits, traffic revenue,
predation rents, the attention of the state.""",
    "Collectives": """\
A cartel is a collective of plazas that can come apart. Factions leave together; heirs share the help their parent gave;
alliances pool strength.""",
}

STOCHASTICITY = """\
Every draw is addressed: a pure function of the seed, the decision's name, the week and the lineage of whoever decides.
Scenarios that share a history share its luck, and one more draw moves nobody else's. Rare events and counts of people
are random; money and prices are not. Parameters and effect sizes are drawn once per run. The decisions:"""

OBSERVATION = """\
Weekly flows are folded into calendar months by days; stocks are read at a month's end. Every run also leaves a log of
events and a genealogy of groups. Results are read as mean paired differences with intervals."""
