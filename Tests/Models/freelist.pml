/*
 * A list of idle buffers that several threads take from and give back to at once (FreeList).
 *
 *   User    takes one or two buffers and gives them back in any order, again and again
 *   pop     FreeList.Peek, TryTake
 *   push    FreeList.Push
 *
 * Each load, store and exchange is a step of its own. The head word carries an index and a version; both change in one exchange. All of them
 * are ordered by the exchange, so memory is sequentially consistent here.
 *
 * Properties: a buffer has one holder at a time; none is lost: in the end all are in the list, each once.
 *
 * Variant that must fail: NO_VERSION (the head is an index alone; a pop that was overtaken by the same buffer coming back succeeds).
 */

#ifndef USERS
#define USERS  2
#endif
#define BUFFERS 3
#define ROUNDS  2
#define NOTHING 0   /* buffers count from 1 */

byte head = BUFFERS;
byte version;
byte next[BUFFERS + 1];
bool held[BUFFERS + 1];
byte done;

inline exchange(seenHead, seenVersion, new, won) {
  atomic {
#ifdef NO_VERSION
    won = (head == seenHead);
#else
    won = (head == seenHead && version == seenVersion);
#endif
    if
    :: won -> head = new; version++
    :: else
    fi
  }
}

inline pop(got) {
  do
  :: true ->
    atomic { top = head; seen = version };       /* one 64-bit load */
    if
    :: top == NOTHING -> got = NOTHING; break
    :: else
    fi;
    after = next[top];
    exchange(top, seen, after, won);
    if
    :: won -> atomic { assert(!held[top]); held[top] = true; got = top }; break
    :: else
    fi
  od
}

inline push(given) {
  held[given] = false;
  do
  :: true ->
    atomic { top = head; seen = version };
    next[given] = top;
    exchange(top, seen, given, won);
    if
    :: won -> break
    :: else
    fi
  od;
  given = NOTHING
}

proctype User() {
  byte top, seen, after, round;
  bool won;
  byte first, second;
  do
  :: round == ROUNDS -> break
  :: round < ROUNDS ->
    pop(first);
    if
    :: pop(second)
    :: true
    fi;
    if
    :: first != NOTHING -> push(first)
    :: first == NOTHING
    fi;
    if
    :: second != NOTHING -> push(second)
    :: second == NOTHING
    fi;
    round++
  od;
  done++
}

init {
  byte user, at;
  atomic {
    for (at : 1 .. BUFFERS) { next[at] = at - 1 };
    for (user : 1 .. USERS) { run User() }
  };
  done == USERS;
#ifndef NO_VERSION   /* it would lose buffers, too: what is looked for is one handed out twice */
  at = head; user = 0;
  do
  :: at == NOTHING -> break
  :: at != NOTHING -> atomic { user++; assert(user <= BUFFERS); at = next[at] }
  od;
  assert(user == BUFFERS)
#endif
}
