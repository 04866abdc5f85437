"""Every publication that a number, a lever or a claim of this model rests on.

`status` says how far to trust a citation: "seen" means that the text, an abstract or an excerpt was read while the
catalogue was compiled; "recalled" means that it was written from general knowledge and must be checked before anything
that rests on it is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["seen", "recalled"]


@dataclass(frozen=True)
class Source:
    """One publication or data set.

    Attributes:
        key: how catalogue entries name it.
        authors: surnames and initials, or the publishing body.
        year: of publication.
        title: in its own language.
        venue: journal, volume and pages; publisher; or outlet.
        doi_or_url: `doi:...` or an address; empty if neither is known.
        status: "seen" or "recalled".
    """

    key: str
    authors: str
    year: int
    title: str
    venue: str
    doi_or_url: str
    status: Status

    def __str__(self) -> str:
        """The citation on one line."""
        return f"{self.authors} ({self.year}). {self.title}. {self.venue}. {self.doi_or_url}".rstrip(" .") + "."


# fmt: off
_STOCKS = (
    Source("prieto2023", "Prieto-Curiel, R., Campedelli, G. M. & Hope, A.", 2023,
           "Reducing cartel recruitment is the only way to lower violence in Mexico", "Science 381(6664), 1312-1316",
           "doi:10.1126/science.adh2888", "seen"),
    Source("prieto2025", "Prieto-Curiel, R.", 2025, "Individual and collective participation in cartels (model code)",
           "Working paper and R code", "https://github.com/rafaelprietocuriel", "seen"),
    Source("prieto2025b", "Prieto-Curiel, R.", 2025, "Why locking up cartel members does not work",
           "arXiv, physics.soc-ph", "https://github.com/rafaelprietocuriel/IncarcerationAndRehabilitation", "seen"),
    Source("comment2023", "Comment on prieto2023", 2023,
           "Reducing cartel recruitment and upholding the rule of law is the only way to reduce violence in Mexico",
           "arXiv", "https://arxiv.org/abs/2310.05975", "seen"),
    Source("caulkins2023", "Caulkins, J. P., Kilmer, B. & Reuter, P.", 2023,
           "Modeling cartel size to inform violence reduction", "Science 381(6664), 1291-1293", "", "seen"),
    Source("proton2021", "Calderoni, F., Campedelli, G. M., Szekely, A. et al.", 2021,
           "Recruitment into organized crime: an agent-based approach", "Journal of Quantitative Criminology",
           "https://github.com/LABSS/PyPROTON-OC", "seen"),
    Source("bacrim2020", "CentroGeo, GeoInt, DataLab & PPD", 2020, "BACRIM 2020: groups, rivalries and alliances",
           "Dryad, with Prieto-Curiel et al. 2023", "doi:10.5061/dryad.zw3r228d7", "seen"),
)

_REMOVALS = (
    Source("calderon2015", "Calderón, G., Robles, G., Díaz-Cayeros, A. & Magaloni, B.", 2015,
           "The beheading of criminal organizations and the dynamics of violence in Mexico",
           "Journal of Conflict Resolution 59(8), 1455-1485", "", "seen"),
    Source("lindo2018", "Lindo, J. M. & Padilla-Romo, M.", 2018,
           "Kingpin approaches to fighting crime and community violence: evidence from Mexico's drug war",
           "Journal of Health Economics 58; NBER working paper 21171", "", "seen"),
    Source("dickenson2014", "Dickenson, M.", 2014,
           "The impact of leadership removal on Mexican drug trafficking organizations",
           "Journal of Quantitative Criminology 30, 651-676", "doi:10.1007/s10940-014-9218-5", "seen"),
    Source("phillips2015", "Phillips, B. J.", 2015,
           "How does leadership decapitation affect violence? The case of drug trafficking organizations in Mexico",
           "Journal of Politics 77(2), 324-336", "https://ssrn.com/abstract=2294822", "seen"),
    Source("jones2013", "Jones, N. P.", 2013,
           "The unintended consequences of kingpin strategies: kidnap rates and the Arellano-Félix Organization",
           "Trends in Organized Crime 16, 156-176", "doi:10.1007/s12117-012-9185-x", "seen"),
    Source("estevez2025", "Estévez-Soto, P. R. & Lecona Esteban, R.", 2025,
           "The impact of the kingpin strategy on extortion and kidnapping",
           "Criminology & Criminal Justice 25(1), 200-227", "doi:10.1177/17488958241276178", "seen"),
    Source("esberg2025", "Esberg, J.", 2025, "Criminal fragmentation in Mexico",
           "Political Science Research and Methods 14", "doi:10.1017/psrm.2025.4", "seen"),
    Source("atuesta2018", "Atuesta, L. H. & Pérez-Dávila, Y. S.", 2018,
           "Fragmentation and cooperation: the evolution of organized crime in Mexico", "Trends in Organized Crime 21",
           "doi:10.1007/s12117-017-9301-z", "seen"),
    Source("rios2013", "Ríos, V.", 2013, "Why did Mexico become so violent?", "Trends in Organized Crime 16, 138-155",
           "", "seen"),
    Source("trejo2018", "Trejo, G. & Ley, S.", 2018,
           "Why did drug cartels go to war in Mexico? Subnational party alternation, the breakdown of criminal protection, and the onset "
           "of large-scale violence", "Comparative Political Studies 51(7), 900-937", "doi:10.1177/0010414017720703", "recalled"),
    Source("rios2015", "Ríos, V.", 2015, "How government coordination controlled organized crime: the case of Mexico's cocaine markets",
           "Journal of Conflict Resolution 59(8), 1433-1454", "", "recalled"),
    Source("snyder2009", "Snyder, R. & Durán-Martínez, A.", 2009,
           "Does illegality breed violence? Drug trafficking and state-sponsored protection rackets",
           "Crime, Law and Social Change 52, 253-273", "", "recalled"),
    Source("osorio2015", "Osorio, J.", 2015,
           "The contagion of drug violence: spatiotemporal dynamics of the Mexican war on drugs",
           "Journal of Conflict Resolution 59(8), 1403-1432", "doi:10.1177/0022002715587048", "seen"),
    Source("sobrino2020", "Sobrino, F.", 2020, "Mexican cartel wars: fighting for the U.S. opioid market",
           "Job market paper", "", "seen"),
    Source("coscia2012", "Coscia, M. & Ríos, V.", 2012,
           "Knowing where and how criminal organizations operate using web content", "CIKM", "", "seen"),
    Source("doctor", "Doctor, A. C.", 2020, "A motion of no confidence: leadership and rebel fragmentation",
           "Journal of Global Security Studies", "", "seen"),
    Source("espinosa2015", "Espinosa, V. & Rubin, D. B.", 2015,
           "Did the military interventions in the Mexican drug war increase violence?", "The American Statistician", "",
           "seen"),
    Source("floresmacias2020", "Flores-Macías, G. A. & Zarkin, J.", 2020,
           "The consequences of militarized policing for human rights: evidence from Mexico",
           "Seminar paper, Columbia University", "https://ilas.columbia.edu", "seen"),
    Source("magaloni2020b", "Magaloni, B. & Rodríguez, L.", 2020,
           "Institutionalized police brutality",
           "American Political Science Review", "https://docslib.org/doc/8065201", "seen"),
    Source("gao2020", "US Government Accountability Office", 2019,
           "Counternarcotics: Treasury reports some results from designating drug kingpins", "GAO-20-112",
           "https://www.gao.gov/products/gao-20-112", "seen"),
    Source("state_rewards", "US Department of State", 2023, "Narcotics Rewards Program",
           "Bureau of International Narcotics", "https://www.state.gov/inl-rewards-program/", "seen"),
    Source("upi2010", "United Press International", 2010, "Extraditions from Mexico set record", "21 May 2010", "",
           "seen"),
)

_CONFLICT = (
    Source("castillo2020", "Castillo, J. C. & Kronick, D.", 2020, "The logic of violence in drug war",
           "American Political Science Review 114(3)", "", "seen"),
    Source("castillo2020b", "Castillo, J. C., Mejía, D. & Restrepo, P.", 2020,
           "Scarcity without Leviathan: the violent effects of cocaine supply shortages in the Mexican drug war",
           "Review of Economics and Statistics 102(2)", "", "seen"),
    Source("lessing2017", "Lessing, B.", 2017, "Making peace in drug wars: crackdowns and cartels in Latin America",
           "Cambridge University Press", "", "seen"),
    Source("bueno2016", "Bueno de Mesquita, E.", 2016, "Factional conflict and territorial rents",
           "University of Chicago", "https://thepearsoninstitute.org/research/factional-conflict-and-territorial-rents",
           "seen"),
    Source("bennett2008", "Bennett, D. S.", 2008, "Governments, civilians, and the evolution of insurgency",
           "JASSS 11(4)", "", "seen"),
    Source("bohorquez2009", "Bohorquez, J. C., Gourley, S., Dixon, A. R. et al.", 2009,
           "Common ecology quantifies human insurgency", "Nature 462", "", "seen"),
    Source("magaloni2020", "Magaloni, B., Robles, G., Matanock, A. M. et al.", 2020,
           "Living in fear: the dynamics of extortion in Mexico's drug war", "Comparative Political Studies",
           "https://ssrn.com/abstract=1963836", "seen"),
    Source("battiston2024", "Battiston, G., Daniele, G., Le Moglie, M. & Pinotti, P.", 2024,
           "Fueling organised crime: the Mexican war on drugs and oil thefts", "Economic Journal 134(663), 2685-2711",
           "", "seen"),
    Source("deharo", "De Haro, I.", 2025,
           "Avocados: Mexico's green gold, drug cartel violence and the U.S. opioid crisis", "World Development 191",
           "https://ncid.unav.edu/en/research/working-papers/wp0524", "seen"),
    Source("dell2015", "Dell, M.", 2015, "Trafficking networks and the Mexican drug war",
           "American Economic Review 105(6)", "", "seen"),
    Source("dell2019", "Dell, M., Feigenberg, B. & Teshima, K.", 2019,
           "The violent consequences of trade-induced worker displacement in Mexico", "AER: Insights 1(1), 43-58", "",
           "seen"),
    Source("dube2016", "Dube, O., García-Ponce, O. & Thom, K.", 2016,
           "From maize to haze: agricultural shocks and the growth of the Mexican drug sector",
           "Journal of the European Economic Association 14(5)", "", "recalled"),
    Source("hirshleifer1989", "Hirshleifer, J.", 1989,
           "Conflict and rent-seeking success functions: ratio vs. difference models of relative success",
           "Public Choice 63(2), 101-112", "", "recalled"),
    Source("osipov1915", "Osipov, M.", 1915,
           "The influence of the numerical strength of engaged forces on their casualties", "Voenniy Sbornik", "",
           "recalled"),
    Source("cartwright1956", "Cartwright, D. & Harary, F.", 1956,
           "Structural balance: a generalization of Heider's theory", "Psychological Review 63(5)", "", "recalled"),
    Source("hegemann2011", "Hegemann, R. A., Smith, L. M., Barbaro, A. B. T. et al.", 2011,
           "Geographical influences of an emerging network of gang rivalries", "Physica A 390", "", "seen"),
    Source("dalbo2006", "Dal Bó, E., Dal Bó, P. & Di Tella, R.", 2006,
           "Plata o plomo? Bribe and punishment in a theory of political influence",
           "American Political Science Review 100(1)", "", "recalled"),
    Source("olson1993", "Olson, M.", 1993, "Dictatorship, democracy, and development",
           "American Political Science Review 87(3)", "", "recalled"),
)

_DRUGS = (
    Source("rydell1994", "Rydell, C. P. & Everingham, S. S.", 1994,
           "Controlling cocaine: supply versus demand programs", "RAND MR-331; brief RB-6002",
           "https://www.rand.org/pubs/research_briefs/RB6002.html", "seen"),
    Source("everingham1994", "Everingham, S. S. & Rydell, C. P.", 1994, "Modeling the demand for cocaine",
           "RAND MR-332", "", "recalled"),
    Source("behrens2000", "Behrens, D. A., Caulkins, J. P., Tragler, G. & Feichtinger, G.", 2000,
           "Optimal control of drug epidemics: prevent and treat - but not at the same time?",
           "Management Science 46(3)", "", "seen"),
    Source("caulkins1999", "Caulkins, J. P., Rydell, C. P., Everingham, S. S. et al.", 1999,
           "An ounce of prevention, a pound of uncertainty", "RAND MR-923", "https://nap.edu/read/10021/chapter/9",
           "seen"),
    Source("nrc2001", "National Research Council", 2001, "Informing America's policy on illegal drugs",
           "National Academies Press", "https://nap.edu/catalog/10021", "seen"),
    Source("caulkins_reuter2010", "Caulkins, J. P. & Reuter, P.", 2010, "How drug enforcement affects drug prices",
           "Crime and Justice 39", "", "seen"),
    Source("reuter_kleiman1986", "Reuter, P. & Kleiman, M. A. R.", 1986,
           "Risks and prices: an economic analysis of drug enforcement", "Crime and Justice 7", "", "recalled"),
    Source("kuziemko2004", "Kuziemko, I. & Levitt, S. D.", 2004, "An empirical analysis of imprisoning drug offenders",
           "Journal of Public Economics 88; NBER working paper 8489", "https://www.nber.org/papers/w8489", "seen"),
    Source("gallet2014", "Gallet, C. A.", 2014,
           "Can price get the monkey off our back? A meta-analysis of illicit drug demand", "Health Economics 23(1)",
           "https://pubmed.ncbi.nlm.nih.gov/23303721/", "seen"),
    Source("saffer1999", "Saffer, H. & Chaloupka, F.", 1999, "The demand for illicit drugs", "Economic Inquiry 37(3)",
           "", "seen"),
    Source("kilmer2014", "Kilmer, B., Everingham, S. S., Caulkins, J. P. et al.", 2014,
           "What America's users spend on illegal drugs: 2000-2010", "RAND RR-534",
           "https://www.rand.org/pubs/research_reports/RR534.html", "seen"),
    Source("midgette2019", "Midgette, G., Davenport, S., Caulkins, J. P. & Kilmer, B.", 2019,
           "What America's users spend on illegal drugs, 2006-2016", "RAND RR-3140", "https://www.rand.org/t/RR3140",
           "seen"),
    Source("kilmer2010", "Kilmer, B., Caulkins, J. P., Bond, B. M. & Reuter, P.", 2010,
           "Reducing drug trafficking revenues and violence in Mexico", "RAND OP-325", "", "recalled"),
    Source("dobkin2009", "Dobkin, C. & Nicosia, N.", 2009,
           "The war on drugs: methamphetamine, public health, and crime", "American Economic Review 99(1)", "", "seen"),
    Source("cdc_wonder", "Centers for Disease Control and Prevention", 2024,
           "Drug overdose deaths, CDC WONDER and NCHS briefs", "NCHS data brief 522", "https://www.cdc.gov/nchs",
           "seen"),
    Source("source_model", "Lim, T. Y., Stringfellow, E. J., Stafford, C. A. et al.", 2022,
           "Modeling the evolution of the US opioid crisis for national policy development",
           "PNAS 119(23), e2115714119", "doi:10.1073/pnas.2115714119", "seen"),
    Source("larochelle2018", "Larochelle, M. R., Bernson, D., Land, T. et al.", 2018,
           "Medication for opioid use disorder after nonfatal opioid overdose and association with mortality",
           "Annals of Internal Medicine 169(3), 137-145", "doi:10.7326/M17-3107", "seen"),
    Source("nida2021", "National Institute on Drug Abuse", 2021, "How much does opioid treatment cost?",
           "Research report", "https://nida.nih.gov", "seen"),
    Source("highlands2017", "The Highlands Current", 2017, "Fighting back: what does it cost?", "6 October 2017",
           "https://highlandscurrent.org", "seen"),
    Source("coffin2013", "Coffin, P. O. & Sullivan, S. D.", 2013,
           "Cost-effectiveness of distributing naloxone to heroin users for lay overdose reversal",
           "Annals of Internal Medicine 158(1), 1-9", "doi:10.7326/0003-4819-158-1-201301010-00003", "seen"),
    Source("naumann2019", "Naumann, R. B. et al.", 2019,
           "Impact of a community-based naloxone distribution program on opioid overdose death rates",
           "Drug and Alcohol Dependence 204, 107536", "doi:10.1016/j.drugalcdep.2019.06.038", "seen"),
    Source("drugwarfacts", "Drug Policy Facts", 2024, "Eradication efforts in Mexico and Guatemala",
           "drugwarfacts.org, node 3280", "https://drugwarfacts.org/node/3280", "seen"),
    Source("afp2016", "Agence France-Presse", 2016, "Mexico army faces grueling battle against opium poppies",
           "12 December 2016", "", "seen"),
)

_PROGRAMMES = (
    Source("atienzo2017", "Atienzo, E. E., Baxter, S. K. & Kaltenthaler, E.", 2017,
           "Interventions to prevent youth violence in Latin America: a systematic review",
           "International Journal of Public Health 62, 15-29", "doi:10.1007/s00038-016-0909-6", "seen"),
    Source("blattman2017", "Blattman, C., Jamison, J. C. & Sheridan, M.", 2017,
           "Reducing crime and violence: experimental evidence from cognitive behavioral therapy in Liberia",
           "American Economic Review 107(4), 1165-1206", "doi:10.1257/aer.20150503", "seen"),
    Source("sumano2025", "Sumano, J. & Reyes, M.", 2025,
           "Jóvenes Construyendo el Futuro and homicide (state-level analysis)", "Frontera Norte 37", "", "seen"),
    Source("braga2018", "Braga, A. A., Weisburd, D. & Turchan, B.", 2018,
           "Focused deterrence strategies and crime control", "Criminology & Public Policy 17(1), 205-250",
           "doi:10.1111/1745-9133.12353", "seen"),
    Source("chemonics2018", "Chemonics & USAID", 2018, "What works in reducing violence: a review of the evidence",
           "USAID", "", "seen"),
    Source("icg2018", "International Crisis Group", 2018, "Saving Guatemala's fight against crime and impunity",
           "Latin America report 70", "https://www.crisisgroup.org", "recalled"),
    Source("elceo2019", "El CEO", 2019, "Por qué Jóvenes Construyendo el Futuro tendrá menos dinero en 2020",
           "September 2019", "https://elceo.com", "seen"),
    Source("jornada2017", "La Jornada", 2017, "Prevención social de la violencia: presupuesto 2013-2018",
           "19 November 2017", "https://jornada.com.mx/2017/11/19/politica/017n1pol", "seen"),
    Source("subsemun2012", "Secretaría de Gobernación", 2012, "Libro blanco SUBSEMUN 2007-2012", "Gobierno de México",
           "https://studylib.es/doc/7571829", "seen"),
    Source("jim2013", "Justice in Mexico", 2013, "Increased funding for implementation of new judicial system",
           "18 March 2013", "https://justiceinmexico.org", "seen"),
    Source("cndh2017", "24 Horas", 2017, "Cuesta seis veces más tener a reos en cárceles privadas", "14 March 2017",
           "https://24-horas.mx", "seen"),
    Source("uif2020", "El Universal", 2020, "UIF afirma que ha congelado 4 mmdp", "January 2020",
           "https://www.eluniversal.com.mx/nacion/politica/uif-afirma-que-ha-congelado-4-mmdp", "seen"),
    Source("fortuna2025", "Revista Fortuna", 2025, "¿UIF excede atribuciones o el Poder Judicial abusa del amparo?",
           "3 April 2025", "https://revistafortuna.com.mx/2025/04/03/", "seen"),
)

_ARMS_AND_AID = (
    Source("dube2013", "Dube, A., Dube, O. & García-Ponce, O.", 2013,
           "Cross-border spillover: U.S. gun laws and violence in Mexico", "American Political Science Review 107(3)",
           "", "seen"),
    Source("mcdougal2013", "McDougal, T. L., Shirk, D. A., Muggah, R. & Patterson, J. H.", 2013,
           "The way of the gun: estimating firearms traffic across the U.S.-Mexico border",
           "Trans-Border Institute; Journal of Economic Geography 2014", "doi:10.1093/jeg/lbu021", "seen"),
    Source("gao2021", "US Government Accountability Office", 2021,
           "Firearms trafficking: U.S. efforts to disrupt gun smuggling into Mexico", "GAO-21-322", "", "seen"),
    Source("gao2010", "US Government Accountability Office", 2010,
           "Mérida Initiative: counternarcotics and anticrime support", "GAO-10-837; GAO-10-253R", "", "seen"),
    Source("crs_r40135", "Congressional Research Service", 2010,
           "Mérida Initiative for Mexico and Central America: funding and policy issues", "CRS R40135", "", "seen"),
    Source("crs_r41576", "Congressional Research Service", 2020,
           "Mexico: organized crime and drug trafficking organizations", "CRS R41576", "https://www.everycrsreport.com",
           "seen"),
    Source("aeronews2009", "Aero-News Network", 2009, "Red tape ties up helicopter deliveries to Mexico",
           "15 December 2009", "", "seen"),
    Source("asf2013", "La Jornada, on Auditoría Superior de la Federación", 2013, "Sedena: cuenta pública 2011",
           "22 February 2013", "https://jornada.com.mx/2013/02/22/politica/015n2pol", "seen"),
    Source("asf2015", "Auditoría Superior de la Federación", 2015, "Seguridad pública: elementos desplegados 2007-2013",
           "Cuenta pública 2014, as reported",
           "https://cdj.com.mx/mexico/operativos-militares-costaron-a-erario-2-mil-811-mdp", "seen"),
    Source("eleconomista2019", "El Economista", 2019, "Para apoyo a seguridad, mayor presupuesto a Sedena en el 2020",
           "28 October 2019", "https://eleconomista.com.mx/amp/politica/20191028-0140.html", "seen"),
)

_DATA = (
    Source("inegi_homicides", "INEGI", 2023, "Defunciones por homicidio, 1990-2022", "Estadísticas de mortalidad",
           "https://www.inegi.org.mx/temas/mortalidad/", "seen"),
    Source("envipe", "INEGI", 2018, "Encuesta Nacional de Victimización y Percepción sobre Seguridad Pública", "INEGI",
           "", "seen"),
    Source("conapo2023", "CONAPO", 2023, "Conciliación demográfica y proyecciones de la población de México, 1950-2070",
           "CONAPO", "", "seen"),
    Source("pgr2012", "Procuraduría General de la República", 2012, "Fallecimientos por presunta rivalidad delincuencial, 2006-2011",
           "As reported by El Universal and others", "", "seen"),
    Source("ppd2017", "CIDE, Programa de Política de Drogas", 2017, "Base CIDE-PPD: confrontations and aggressions, Dec 2006 - Nov 2011",
           "Event data, sums by state and year", "", "seen"),
    Source("sesnsp", "Secretariado Ejecutivo del Sistema Nacional de Seguridad Pública", 2023,
           "Incidencia delictiva: carpetas de investigación", "As reported by the press", "", "seen"),
    Source("rusi2019", "Royal United Services Institute", 2019, "Extortion in Mexico",
           "Strategic Hub for Organised Crime Research", "https://shoc.rusi.org", "recalled"),
    Source("icg_mexico", "International Crisis Group", 2021, "Armed groups in Mexico, 2009-2020", "Count from online sources",
           "https://www.crisisgroup.org", "recalled"),
    Source("lantia2019", "Lantia Consultores", 2019, "Armed groups by type", "As reported by the press", "", "seen"),
    Source("pemex_taps", "Petróleos Mexicanos, as reported", 2022, "Tomas clandestinas por año",
           "Press reports of Pemex replies", "", "seen"),
    Source("rnped2018", "Registro Nacional de Datos de Personas Extraviadas o Desaparecidas", 2018, "RNPED", "SESNSP",
           "", "seen"),
    Source("grimm2020", "Grimm, V., Railsback, S. F., Vincenot, C. E. et al.", 2020,
           "The ODD protocol for describing agent-based and other simulation models: a second update to improve "
           "clarity, replication, and structural realism", "JASSS 23(2)", "doi:10.18564/jasss.4259", "recalled"),
    Source("salmon2011", "Salmon, J. K., Moraes, M. A., Dror, R. O. & Shaw, D. E.", 2011,
           "Parallel random numbers: as easy as 1, 2, 3", "SC11", "doi:10.1145/2063384.2063405", "recalled"),
)
# fmt: on

_ALL = (*_STOCKS, *_REMOVALS, *_CONFLICT, *_DRUGS, *_PROGRAMMES, *_ARMS_AND_AID, *_DATA)

SOURCES: dict[str, Source] = {source.key: source for source in _ALL}
