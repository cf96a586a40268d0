"""Names of several languages: frequent ones by hand, with other spellings and scripts, and a long tail by rule.

An entry is "spelling/other spelling/…|own script". The frequent ones stand first: a name's place is its rank.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

ENGLISH_GIVEN = """
oliver george harry jack jacob charlie thomas/tomas oscar william/wiliam james joshua henry leo
alexander/alexandre joseph/josef samuel daniel/danial benjamin adam max edward lucas/lukas david/davyd
michael/micheal matthew/mathew andrew stephen/steven paul mark/marc peter/pieter john/jon robert richard simon
philip/phillip neil/neal amelia olivia isla emily/emilie ava lily jessica sophie/sofie grace mia evie ruby ella
charlotte lucy chloe/khloe katherine/catherine/kathryn sarah/sara hannah/hanna rebecca/rebekah emma laura
rachel/rachael nicole/nichole claire/clare helen karen susan/suzan margaret anne/ann elizabeth/elisabeth
victoria/viktoria alison/allison deborah/debra jacqueline/jaqueline theresa/teresa lynn/lynne"""
ENGLISH_FAMILY = """
smith/smyth jones williams taylor/tayler brown/browne davies/davis evans wilson/willson thomas johnson/johnston
roberts walker wright robinson thompson/thomson white hughes edwards green/greene hall lewis/louis harris
clarke/clark patel jackson wood turner martin cooper hill morris ward moore/moor king watson baker harrison
morgan allen/allan/alan scott/scot phillips/philips james davidson anderson/andersen macdonald/mcdonald campbell
stewart/stuart reid/reed murray/murrey oneill/o'neill kelly/kelley fitzgerald macleod/mcleod gray/grey
shaw/shore dixon/dickson"""
ENGLISH_TAIL = (
    """
    ash black brad burn carl chester comb cran dal den east elm fair fern frost gar grant hamp hart hazel hol
    ken lang lin mar mil nor oak pem pres ross ruther sand shel stan strat thorn til under wake war west win
    wood
    """,
    """
    borne bridge brook bury by croft dale den don field ford grove ham hurst land ley man mere more pool port
    ridge shaw stead stoke stone ton well wick wood worth
    """,
)
HINDI_GIVEN = """
rahul|राहुल amit/ameet|अमित priya/preeya|प्रिया pooja/puja|पूजा rajesh|राजेश sunita/suneeta|सुनीता anjali|अंजलि
sanjay/sanjai|संजय vijay/vijai|विजय deepak/dipak|दीपक neha|नेहा suresh|सुरेश ramesh|रमेश mahesh|महेश
kavita/kavitha|कविता rekha|रेखा geeta/gita|गीता seema/sima|सीमा ashok|अशोक anil|अनिल sunil/suneel|सुनील
vinod|विनोद manoj|मनोज rakesh|राकेश mukesh|मुकेश dinesh|दिनेश aarti/arti|आरती swati|स्वाति jyoti/jyothi|ज्योति
meena/mina|मीना shilpa|शिल्पा vikas/vikash|विकास ravi|रवि arjun|अर्जुन karan|करण nikhil|निखिल rohit|रोहित
mohan|मोहन lakshmi/laxmi|लक्ष्मी pradeep/pradip|प्रदीप sandeep/sandip|संदीप kiran|किरण usha|उषा nisha|निशा"""
HINDI_FAMILY = """
kumar|कुमार singh/sinh|सिंह sharma/sarma|शर्मा gupta|गुप्ता verma/varma|वर्मा yadav|यादव patel|पटेल
mishra/misra|मिश्रा joshi|जोशी pandey/pande|पांडेय tiwari/tiwary|तिवारी chauhan/chouhan/chowhan|चौहान
reddy|रेड्डी nair|नायर rao|राव jain|जैन mehta|मेहता shah/sah|शाह agarwal/aggarwal|अग्रवाल saxena/saksena|सक्सेना
srivastava/shrivastava|श्रीवास्तव trivedi|त्रिवेदी desai|देसाई kulkarni|कुलकर्णी
chaudhary/choudhury/chowdhury|चौधरी thakur|ठाकुर das/dass|दास bose/basu|बोस ghosh/ghose|घोष
banerjee/banerji|बनर्जी mukherjee/mukerji|मुखर्जी"""
HINDI_TAIL = (
    """
    adi aga ami ana ara ava bala bhar chan chatur deva dhan gaya giri hari jaga jaya kala kama kesh lala madhu
    maha mani nara pala prem raja rama rath sada sati siva soma sudha tara uday vasu vira yash
    """,
    """
    bhai dhar gar jit kanta kar kere kumar lal mal mani nath pal pathi prasad raj ram sagar shekhar swamy tam
    vala vati wal
    """,
)
TAMIL_GIVEN = """
murugan|முருகன் selvam|செல்வம் kumaran|குமரன் lakshmi/letchumi|லட்சுமி meena|மீனா ravi|ரவி anand|ஆனந்த்
kavitha/kavita|கவிதா suresh|சுரேஷ் priya|பிரியா karthik/karthick|கார்த்திக் vignesh/vicknesh|விக்னேஷ் arun|அருண்
bala|பாலா devi|தேவி saravanan|சரவணன் senthil|செந்தில் vani|வாணி mohan|மோகன் rajendran|ராஜேந்திரன் muthu|முத்து
kannan|கண்ணன் mani|மணி ganesan|கணேசன் sumathi|சுமதி"""
TAMIL_FAMILY = """
subramaniam/subramanian|சுப்பிரமணியம் krishnan|கிருஷ்ணன் raman|ராமன் pillai|பிள்ளை
govindasamy/govindasamy|கோவிந்தசாமி perumal|பெருமாள் arumugam|ஆறுமுகம் ramasamy/ramaswamy|ராமசாமி
natarajan|நடராஜன் sivam|சிவம் muniandy|முனியாண்டி palani|பழனி nadarajah/nadaraja|நடராஜா thangavelu|தங்கவேலு
maniam|மணியம் rajan|ராஜன் veerappan/virappan|வீரப்பன்"""
TAMIL_TAIL = (
    """
    ala anba arul chella dhana ela gana iya jeya kala kathi loga maha mala muni naga nalla pari pon pushpa
    raja santha siva thamil thiru uma vela vija yoga
    """,
    """
    appan ammal chandran durai geetham kani karan kumar lingam malar mathi mugam nathan nesan raj rajah rani
    ratnam samy selvan vathi vel
    """,
)
HAN_FAMILY = """
chen/tan/chan|陈 lin/lim/lam|林 huang/ng/wong|黄 li/lee|李 wang/ong|王 zhang/teo/cheung|张 wu/goh|吴 cai/chua|蔡
liu/low/lau|刘 yang/yeo|杨 zheng/tay|郑 xu/koh|许 hong/ang|洪 he/ho|何 xie/chia|谢 zhou/chew|周 su/soh|苏
ye/yap|叶 lu/loo|卢 guo/kwek|郭 zeng/chan|曾 luo/loh|罗 liang/leong|梁 hu/oh|胡 zhu/choo|朱 gao/koh|高
zhao/chiu|赵 sun/soon|孙 ma/mah|马 deng/teng|邓"""
HAN_SIGNS = """
wei|伟 ming|明 hui|慧 xin|欣 jia|佳 yi|怡 jun|俊 wen|文 mei|美 ling|玲 xiao|晓 ying|英 jie|杰 hao|浩 yu|宇
zhi|志 qiang|强 fang|芳 na|娜 jing|静 li|丽 min|敏 yan|艳 juan|娟 tao|涛 chao|超 gang|刚 ping|平 hua|华 guo|国
jian|建 rong|荣 feng|峰 qing|青 xue|雪 ning|宁 bo|博 kai|凯 rui|瑞 ting|婷 shan|珊 lei|磊 dong|东 peng|鹏"""
MALAY_GIVEN = """
muhammad/mohammad/mohd/mohamad/md ahmad/ahmed nur/noor siti aisyah/aishah/aisha ali abdullah ismail
ibrahim/ebrahim hassan/hasan hussein/husin yusof/yusuf/yusoff farah fatimah/fatima aminah/amina hafiz/hafidz
zainab/zainap azman/adzman rosli/rosly kamal/kamarul razak/razaq zulkifli/zulkifly nurul faizal/faisal
syafiq/shafiq syahirah/shahirah iskandar hidayah zaleha/salehah rahim/raheem halim/haleem osman/othman
latif/lateef salleh/saleh"""
ARABIC_GIVEN = """
mohammed/muhammad/mohamad/mohamed/mohd|محمد ahmed/ahmad|أحمد ali/aly|علي hassan/hasan|حسن
hussein/husain/hossain|حسين omar/umar|عمر khalid/khaled|خالد yusuf/youssef/yousef|يوسف ibrahim/ebrahim|إبراهيم
mustafa/mostafa|مصطفى fatima/fatema|فاطمة aisha/ayesha|عائشة maryam/mariam|مريم zainab/zaynab|زينب
layla/leila|ليلى noor/nour/nur|نور hamza/hamzah|حمزة tariq/tarek|طارق karim/kareem|كريم samir/sameer|سمير
nadia/nadya|نادية salma|سلمى bilal/belal|بلال rashid/rasheed|رشيد"""
ARABIC_FAMILY = """
khan|خان hussain/hussein/hossain|حسين rahman/rehman|رحمان malik/malek|مالك sheikh/shaikh|شيخ
mahmoud/mahmud/mehmood|محمود saleh/salih|صالح haddad|حداد mansour/mansoor|منصور nasser/nasir|ناصر
aziz/azeez|عزيز hamid/hameed|حامد jaber/jabir|جابر qureshi/qureishi|قريشي siddiqui/siddiqi|صديقي abbas|عباس
najjar|نجار sultan|سلطان bakr/bakar|بكر farouk/faruq|فاروق"""
ARABIC_TAIL = (
    """
    abu al bar dar fad had has hum jal kar mah mar nab nad qad rab raf sab sad tal was yas zak zah
    """,
    """
    ani awi boun deen dan fi hab hani iri jani kani lawi mani nawi qi rani sawi shi tari wan zawi
    """,
)
RUSSIAN_GIVEN = """
aleksandr/alexander|Александр sergey/sergei|Сергей dmitry/dmitri/dmitriy|Дмитрий andrey/andrei|Андрей
aleksey/alexei/alexey|Алексей maksim/maxim|Максим yevgeny/evgeny/evgeniy|Евгений ivan|Иван mikhail/mihail|Михаил
nikolay/nikolai|Николай anna|Анна yelena/elena|Елена olga|Ольга natalya/natalia/nataliya|Наталья
tatyana/tatiana|Татьяна irina|Ирина svetlana|Светлана yulia/julia/iuliia|Юлия mariya/maria|Мария
yekaterina/ekaterina|Екатерина ksenia/xenia|Ксения"""
RUSSIAN_FAMILY = """
ivanov|Иванов smirnov|Смирнов kuznetsov/kuznecov|Кузнецов popov|Попов vasilyev/vasiliev|Васильев petrov|Петров
sokolov|Соколов mikhaylov/mikhailov|Михайлов fyodorov/fedorov|Фёдоров morozov|Морозов volkov|Волков
alekseyev/alekseev|Алексеев lebedev|Лебедев semyonov/semenov|Семёнов yegorov/egorov|Егоров pavlov|Павлов
kozlov|Козлов stepanov|Степанов zakharov/zaharov|Захаров shevchenko/schevchenko|Шевченко zhukov/jukov|Жуков
tsvetkov/cvetkov|Цветков chernov|Чернов yakovlev/iakovlev|Яковлев"""
RUSSIAN_TAIL = (
    """
    bel bor bog dan dob gal gor gri kal kar kir kol kras lar luk mal mat mir naz nik ost pan pol rod rom sav
    sem sid stav tar tik tim ul var vin vlas yur zal zim
    """,
    """
    akov anov atov chenko ekhin enko etsky evich ikov ilin inov ishin kin kovsky lov nikov ovsky shin sky
    ukhin ulin yanov yukov
    """,
)
VIETNAMESE_FAMILY = """
nguyen|Nguyễn tran|Trần le|Lê pham|Phạm huynh/hoang|Huỳnh phan|Phan vu/vo|Vũ dang|Đặng bui|Bùi do|Đỗ ho|Hồ
ngo|Ngô duong|Dương ly|Lý"""
VIETNAMESE_SIGNS = """
anh|Anh duc|Đức minh|Minh thi|Thị van|Văn huong|Hương lan|Lan hung|Hùng tuan|Tuấn linh|Linh thanh|Thanh hoa|Hoa
quang|Quang nam|Nam mai|Mai long|Long phuong|Phương hai|Hải dung|Dũng thao|Thảo trang|Trang khanh|Khánh bao|Bảo
son|Sơn"""
# How spellings drift: (what stands there, what somebody else writes).
INDIAN_DRIFT = (("ee", "i"), ("oo", "u"), ("sh", "s"), ("v", "w"), ("th", "t"), ("ai", "ay"), ("a$", "ah"), ("ch", "c"))
ARABIC_DRIFT = (("i", "ee"), ("u", "oo"), ("ou", "u"), ("q", "k"), ("h$", ""), ("e", "i"), ("aw", "ou"), ("dd", "d"))
RUSSIAN_DRIFT = (("y", "i"), ("kh", "h"), ("ts", "c"), ("yu", "iu"), ("ya", "ia"), ("ks", "x"), ("v$", "ff"))
ENGLISH_DRIFT = (
    ("ck", "k"),
    ("y", "ie"),
    ("ll", "l"),
    ("ph", "f"),
    ("tt", "t"),
    ("ey$", "y"),
    ("e$", ""),
    ("mac", "mc"),
)


@dataclass(frozen=True)
class Entry:
    spellings: tuple[str, ...]
    own_script: str = ""


@dataclass(frozen=True)
class Language:
    """Who bears its names: what share of the people, and how many of them have their birthday on 1 January."""

    code: str
    share: float
    given: tuple[Entry, ...]
    family: tuple[Entry, ...]
    new_year: float = 0.001
    drift: tuple[tuple[str, str], ...] = ()
    is_family_first: bool = False
    is_patronymic: bool = False
    words: tuple[str, ...] = field(default=())  # between the two names

    @cached_property
    def has_script(self) -> bool:
        return any(entry.own_script for entry in self.given)

    def drifted(self, name: str) -> list[str]:
        found = [re.sub(old, new, name) for old, new in self.drift]
        return [spelling for spelling in found if spelling != name]


def entries(text: str) -> tuple[Entry, ...]:
    found = []
    for word in text.split():
        spellings, _, own = word.partition("|")
        found.append(Entry(tuple(spellings.split("/")), own))
    return tuple(found)


def tail(stems: str, ends: str) -> tuple[Entry, ...]:
    return tuple(Entry((stem + end,)) for end, stem in product(ends.split(), stems.split()))


def two_signs(text: str, *, joined: bool) -> tuple[Entry, ...]:
    """Given names of one sign or two, written apart or together."""
    signs = entries(text)
    pairs = [(a, b) for a in signs for b in signs if a != b]
    made = []
    for a, b in pairs:
        left, right = a.spellings[0], b.spellings[0]
        spellings = (f"{left} {right}", left + right, f"{left}-{right}") if joined else (f"{left} {right}",)
        gap = "" if joined else " "
        made.append(Entry(spellings, f"{a.own_script}{gap}{b.own_script}"))
    made.sort(key=lambda entry: hash_of(entry.spellings[0]))
    return tuple(made)


def hash_of(text: str) -> int:
    """The same in every process."""
    number = 7
    for letter in text:
        number = (number * 31 + ord(letter)) % 1_000_003
    return number


def languages() -> tuple[Language, ...]:
    english_tail, hindi_tail = tail(*ENGLISH_TAIL), tail(*HINDI_TAIL)
    tamil_tail, arabic_tail, russian_tail = tail(*TAMIL_TAIL), tail(*ARABIC_TAIL), tail(*RUSSIAN_TAIL)
    malay = entries(MALAY_GIVEN)
    return (
        Language("english", 0.40, entries(ENGLISH_GIVEN), entries(ENGLISH_FAMILY) + english_tail, drift=ENGLISH_DRIFT),
        Language("hindi", 0.18, entries(HINDI_GIVEN) + hindi_tail[:300], entries(HINDI_FAMILY) + hindi_tail,
                 new_year=0.03, drift=INDIAN_DRIFT),
        Language("tamil", 0.07, entries(TAMIL_GIVEN) + tamil_tail[:200], entries(TAMIL_FAMILY) + tamil_tail,
                 new_year=0.01, drift=INDIAN_DRIFT, words=("s/o", "d/o", "a/l", "")),
        Language("chinese", 0.14, two_signs(HAN_SIGNS, joined=True), entries(HAN_FAMILY), is_family_first=True),
        Language("malay", 0.07, malay, malay + tuple(Entry((e.spellings[0] + "uddin",)) for e in malay),
                 is_patronymic=True, words=("bin", "binti", "b.", "")),
        Language("arabic", 0.07, entries(ARABIC_GIVEN) + arabic_tail[:150], entries(ARABIC_FAMILY) + arabic_tail,
                 new_year=0.12, drift=ARABIC_DRIFT, words=("", "al")),
        Language("russian", 0.03, entries(RUSSIAN_GIVEN), entries(RUSSIAN_FAMILY) + russian_tail, drift=RUSSIAN_DRIFT),
        Language("vietnamese", 0.04, two_signs(VIETNAMESE_SIGNS, joined=False), entries(VIETNAMESE_FAMILY),
                 new_year=0.02, is_family_first=True),
    )  # fmt: skip
