/*
 * The two CDC words that one end shows its peer. Word one has one author, the writer; word two has three in one process: the reader
 * (consumer cursor), the writer (producer flags) and the closer (state flags).
 *
 *   change, publish   CdcPublisher.Change, CdcPublisher.Publish
 *   Reader            SmcdReader.SendUpdate
 *   Writer            SmcdWriter.Publish, SmcdWriter.SayBlocked
 *   Closer            SmcdPath.ShutdownWrite, SmcdPath.PublishState
 *   Peer              ReceiveRing.TryRefresh
 *
 * Memory is that of x86 (TSO), as in wakeup.pml: a plain store waits in the store buffer of its thread.
 *
 * Properties: the shared word two never goes back; at the end it holds every author's change; the peer's writer was rung after the last consumer
 * cursor had been stored, and both halves of the peer after the state; the peer's reader was rung for the state alone; whoever has seen the end of
 * the stream sees all data before it.
 *
 * Variants that must fail: PLAIN_STORE (each author reads the shared word and stores it with its change), NO_PENDING (each author stores the
 * private copy without asking whether another is storing), PLAIN_RELEASE (the publisher gives up by a plain store), NO_SECOND_TURN (it gives
 * up without looking whether another change came), LOAD_ORDER (the peer loads word one first), STORE_ORDER (the end of the stream is
 * published before word one is stored), RING_OWN (each author rings those alone whom its own change concerns, not those of what its store carried),
 * RING_ALL (each author rings both halves), ONE_BIT (a change with nobody to ring for leaves no mark of its own beside the publisher's).
 */

#define UPDATES 2   /* of the consumer cursor */
#define DATA    2   /* the last producer cursor */

/*
 * Word two: two bits of consumer cursor, WriteBlocked, PeerDoneWriting. Above them, for the properties only, how many changes the value
 * contains; the compare-exchange does not look at that.
 */
#define CURSOR_BITS 3
#define BLOCKED     4
#define DONE        8
#define VALUE       15
#define ONE_CHANGE  16
#define value(w)    ((w) & VALUE)
#define changes(w)  ((w) / ONE_CHANGE)

/* Shared memory. */
#define WORD_ONE 0
#define WORD_TWO 1
byte mem[2];

/* The private copy, CdcPublisher._two, and CdcPublisher._pending: two bits of audience, CHANGED, STORING. */
#define TO_READER 1
#define TO_WRITER 2
#define TO_BOTH   3
#ifdef ONE_BIT
#define CHANGED   8
#else
#define CHANGED   4
#endif
#define STORING   8
byte copy;
byte pending;

/* What the user of the connection orders: ShutdownWrite comes after the last Write has returned. */
bool written;

/* Word two as it stood in shared memory when the peer's halves were last rung. */
byte readerRung;
byte writerRung;
bool readerStartled;   /* rung before there was a state */
byte finished;

#define READER 0
#define WRITER 1
#define CLOSER 2
chan buffer[3] = [3] of { byte, byte };
#define drained(t) empty(buffer[t])
inline store(t, address, word) { buffer[t]!address,word }

#define PENDING  2    /* only PLAIN_RELEASE puts this one into a store buffer */
#define WRITTEN  3

inline commit(address, word) {
  if
  :: address == WORD_TWO ->
#ifndef PLAIN_STORE
    assert(changes(word) >= changes(mem[WORD_TWO]));   /* shared values never go back */
#endif
    mem[WORD_TWO] = word
  :: address == WORD_ONE -> mem[WORD_ONE] = word
  :: address == PENDING -> pending = word
  :: address == WRITTEN -> written = true
  fi
}

active proctype Memory() {
  byte address, word;
end:
  do
  :: atomic { buffer[READER]?address,word -> commit(address, word); address = 0; word = 0 }
  :: atomic { buffer[WRITER]?address,word -> commit(address, word); address = 0; word = 0 }
  :: atomic { buffer[CLOSER]?address,word -> commit(address, word); address = 0; word = 0 }
  od
}

/* SmcdPath.WakePeer, after the fence of the compare-exchange that ended publishing. */
inline ring(t, whom) {
  atomic {
    drained(t);
    if
    :: (whom & TO_READER) != 0 -> readerRung = mem[WORD_TWO]; readerStartled = readerStartled || (mem[WORD_TWO] & DONE) == 0
    :: else
    fi;
    if
    :: (whom & TO_WRITER) != 0 -> writerRung = mem[WORD_TWO]
    :: else
    fi
  }
}

/* CdcPublisher.Publish. */
inline publish(t, audience) {
#ifdef NO_PENDING
  seen = copy;
  store(t, WORD_TWO, seen);
  ring(t, audience);
#else
  atomic { drained(t); first = (pending == 0); pending = pending | CHANGED | audience };   /* Interlocked.Or */
  if
  :: first ->
    do
    :: true ->
      atomic { drained(t); carried = carried | pending; pending = STORING };               /* Interlocked.Exchange */
      seen = copy;
      store(t, WORD_TWO, seen);
#ifdef PLAIN_RELEASE
      if
      :: pending == STORING -> store(t, PENDING, 0); break
      :: else
      fi
#else
      atomic {                                                /* Interlocked.CompareExchange(ref _pending, 0, Storing) */
        drained(t);
        if
#ifndef NO_SECOND_TURN
        :: pending == STORING -> pending = 0; break
        :: else
#else
        :: true -> pending = 0; break
#endif
        fi
      }
#endif
    od;
#ifdef RING_OWN
    ring(t, audience)
#else
#ifdef RING_ALL
    ring(t, TO_BOTH)
#else
    ring(t, carried)
#endif
#endif
  :: else                                                     /* whoever is storing stores this change too, and rings */
  fi;
#endif
  carried = 0;
  seen = 0;
  first = false
}

/* CdcPublisher.Change: (copy and not mask) or bits. */
inline change(t, mask, bits, audience) {
#ifdef PLAIN_STORE
  seen = mem[WORD_TWO];
  store(t, WORD_TWO, (seen & (255 - (mask))) + (bits) + ONE_CHANGE);
  seen = 0;
  ring(t, audience);
#else
  seen = copy;
  do
  :: atomic {                                                 /* Interlocked.CompareExchange(ref _two, ..., seen) */
      drained(t);
      if
      :: value(copy) == value(seen) -> copy = (copy & (255 - (mask))) + (bits) + ONE_CHANGE; break
      :: else -> seen = copy
      fi
    }
  od;
  publish(t, audience);
#endif
}

active proctype Reader() {
  byte consumed, seen, carried;
  bool first;
  do
  :: consumed < UPDATES ->
    consumed++;
    change(READER, CURSOR_BITS, consumed, TO_WRITER)
  :: else -> break
  od;
  finished++
}

active proctype Writer() {
  byte seen, carried;
  bool first;
  store(WRITER, WORD_ONE, DATA - 1);         /* CdcPublisher.PublishProducer */
  change(WRITER, BLOCKED, BLOCKED, 0);         /* the ring is full */
#ifdef STORE_ORDER
  store(WRITER, WRITTEN, true);
  store(WRITER, WORD_ONE, DATA);
#else
  store(WRITER, WORD_ONE, DATA);
  store(WRITER, WRITTEN, true);
#endif
  change(WRITER, BLOCKED, 0, 0);
  finished++
}

active proctype Closer() {
  byte seen, carried;
  bool first;
  written;
  change(CLOSER, DONE, DONE, TO_BOTH);
  finished++
}

/* One look, at any time, is as good as many. */
active proctype Peer() {
  byte two, one;
#ifdef LOAD_ORDER
  one = mem[WORD_ONE];
  two = mem[WORD_TWO];
#else
  two = mem[WORD_TWO];
  one = mem[WORD_ONE];
#endif
  assert((two & DONE) == 0 || one == DATA)
}

active proctype Ending() {
  finished == 3 && empty(buffer[READER]) && empty(buffer[WRITER]) && empty(buffer[CLOSER]);
  assert(value(mem[WORD_TWO]) == (UPDATES | DONE));
  assert((writerRung & CURSOR_BITS) == UPDATES && (writerRung & DONE) != 0);
  assert((readerRung & DONE) != 0);
#ifndef PLAIN_STORE
  assert(!readerStartled)
#endif
}
