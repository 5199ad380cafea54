"""Given names that are common in English and are no other words: they tell “Ivo Brandt, Tulips” from one title."""

GIVEN_NAMES = frozenset(
    {"Aaron", "Adam", "Adrian", "Alan", "Albert", "Alexander", "Alexandra", "Alfred", "Alison", "Allan"}
    | {"Allen", "Andrew", "Angela", "Anne", "Anthony", "Arthur", "Barbara", "Benjamin", "Bernard", "Brian"}
    | {"Bruce", "Carl", "Carol", "Caroline", "Catherine", "Charles", "Christine", "Christopher", "Claire"}
    | {"Colin", "Craig", "Daniel", "David", "Deborah", "Dennis", "Derek", "Diane", "Donald", "Dorothy"}
    | {"Douglas", "Edmund", "Edward", "Eileen", "Eleanor", "Elizabeth", "Eric", "Ernest", "Eugene", "Evelyn"}
    | {"Francis", "Frederick", "Gareth", "Gary", "Geoffrey", "George", "Gerald", "Gillian", "Gordon", "Graham"}
    | {"Gregory", "Harold", "Heather", "Helen", "Henry", "Howard", "Hugh", "Ian", "Irene", "Ivo", "Jacob"}
    | {"James", "Janet", "Jason", "Jeffrey", "Jennifer", "Jeremy", "Jessica", "Joan", "Joanna", "John"}
    | {"Jonathan", "Joseph", "Joshua", "Judith", "Julia", "Julian", "Karen", "Katherine", "Keith", "Kenneth"}
    | {"Kevin", "Laura", "Lawrence", "Leonard", "Linda", "Lisa", "Margaret", "Maria", "Martha", "Martin"}
    | {"Mary", "Matthew", "Maurice", "Michael", "Michelle", "Mike", "Monica", "Nancy", "Neil", "Nicholas"}
    | {"Nicola", "Nigel", "Norman", "Oliver", "Pamela", "Patricia", "Patrick", "Paul", "Peter", "Philip"}
    | {"Rachel", "Ralph", "Raymond", "Rebecca", "Richard", "Robert", "Robin", "Roger", "Ronald", "Roy"}
    | {"Russell", "Ruth", "Samuel", "Sandra", "Sarah", "Sharon", "Sheila", "Simon", "Stanley", "Stephanie"}
    | {"Stephen", "Steven", "Stuart", "Susan", "Theodore", "Theresa", "Thomas", "Timothy", "Tony", "Trevor"}
    | {"Valerie", "Victor", "Victoria", "Vincent", "Virginia", "Walter", "Wendy", "William"}
)

# Books, plays and films are called by these.
TITLE_HEROES = frozenset(
    {"Adam Bede", "Alexander Hamilton", "Alexander Nevsky", "Daniel Deronda", "David Copperfield"}
    | {"Martin Chuzzlewit", "Martin Eden", "Mary Barton", "Mary Poppins", "Michael Collins"}
    | {"Michael Kohlhaas", "Nicholas Nickleby", "Oliver Twist", "Peter Grimes", "Peter Pan", "Peter Rabbit"}
    | {"Robert Elsmere", "Robin Hood", "Stuart Little"}
)
