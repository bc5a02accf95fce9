/*
 * Who may touch the memory of a connection, and when it goes.
 *
 *   User       SmcdHalf.Enter, SmcdHalf.Leave; the mark is EntryMark, the state PathLife
 *   Shutdown   SmcdPath.ShutdownWrite and SmcdPath.PublishState, which count themselves in SmcdPath._closers
 *   Closer     SmcdPath.End, Quiescence.Begin, SmcdPath.Inside
 *   hasLeft    Quiescence.HasLeft, Quiescence.Clear
 *   gone       SmcdPath.FinishClose
 *
 * Closing and detaching (SmcdPath.EndPeer) wait in the same way; this is closing. Two threads want to read, one writes, one ends its direction, one closes. Memory is that of x86 (TSO), as in wakeup.pml: a plain store
 * waits in the store buffer of its thread; Interlocked.MemoryBarrierProcessWide drains the buffers of all, one after the other.
 *
 * Properties: one thread at a time is inside a direction; nobody touches the memory after it went; the closer is told exactly once (never
 * told is an invalid end state: it waits for ever).
 *
 * OWNED is the half of it in which thread 0 owns the mark of the reading direction, and enters by a plain store and a look at the owner. Its
 * operation may be one that another thread completes, and so leaves. Nobody writes or ends a direction there.
 *
 * Variants that must fail: PLAIN_MARK (load, then store), NO_OWNER_RECHECK (the owner does not look whether it still is), NO_OWNER_BARRIER
 * (whoever ends an ownership does not wait for the owner's store), NO_LEAVER_BARRIER (whoever leaves does not wait for the mark of the owner,
 * who has entered since), NO_REFUSED_CHECK (whoever is refused does not look whether the closer waits), NO_STATE_RECHECK (whoever enters has looked at the state before only), NO_BARRIER
 * (a cleared mark is still in the leaver's store buffer while it reads who is waited for), NO_MARK_RECHECK (a slow leaver does not look
 * whether another has entered since), LATE_SHUTDOWN (whoever ends a direction does not look whether the connection was closed meanwhile).
 */

#ifndef ENTRIES
#ifdef OWNED
#define ENTRIES 3   /* of each user */
#else
#define ENTRIES 1
#endif
#endif

/* Insiders */
#define READS  1
#define WRITES 2
#define CLOSES 4
#define ALL    7

/* What plain stores write to: EntryMark._shared of both directions, and _owned and _owner of the one that is read. */
byte mark[4];
#define READ_MARK  0
#define WRITE_MARK 1
#define OWNED_MARK 2
#define OWNER_MARK 3

/* EntryMark._owner */
#define NOBODY   0
#define THREAD_0 1
#define ENDED    2

#define isTaken(m) (mark[m] != 0 || (m == READ_MARK && mark[OWNED_MARK] != 0))

bool closed;        /* PathBits.LocalClosed */
byte waiting;       /* Quiescence._waiting */
byte closers;       /* SmcdPath._closers */

bool mapped = true;
byte inside[2];
byte told;

#define THREADS 5
#define POOL 4
chan buffer[THREADS] = [2] of { byte, byte };
#define drained(t) empty(buffer[t])

active proctype Memory() {
  byte m, v;
end:
  do
  :: atomic { buffer[0]?m,v -> mark[m] = v; m = 0; v = 0 }
  :: atomic { buffer[1]?m,v -> mark[m] = v; m = 0; v = 0 }
  :: atomic { buffer[2]?m,v -> mark[m] = v; m = 0; v = 0 }
  :: atomic { buffer[POOL]?m,v -> mark[m] = v; m = 0; v = 0 }
  od
}

inline touch() { assert(mapped) }

/* What one processor does for Interlocked.MemoryBarrierProcessWide: its store buffer is empty once. */
inline drain(t) {
  atomic {
    do
    :: buffer[t]?address,value -> mark[address] = value
    :: empty(buffer[t]) -> break
    od;
    address = 0;
    value = 0
  }
}

inline processWideBarrier() {
  drain(0);
  drain(1);
  drain(2);
  drain(POOL)
}

inline gone() {
  told++;
  assert(told == 1);
  mapped = false
}

/* Quiescence.Clear: Interlocked.And. */
inline clear(who) {
  atomic {
    if
    :: waiting != 0 && (waiting & (ALL - (who))) == 0 -> waiting = 0; gone()
    :: else -> waiting = waiting & (ALL - (who))
    fi
  }
}

/*
 * Quiescence.HasLeft: two plain loads first. The second one is for a leaver who is slow: somebody else may have entered after him, before the
 * state was set, and be inside still. That one has left when he has, not before.
 */
inline hasLeft(t, who, isInside) {
  if
  :: waiting != 0 ->
#if defined(OWNED) && !defined(NO_LEAVER_BARRIER)   /* for the mark of an owner; everyone else's is where he has put it */
    processWideBarrier();
#endif
#ifndef NO_MARK_RECHECK
    if
    :: !(isInside) -> drained(t); clear(who)
    :: isInside
    fi
#else
    drained(t);
    clear(who)
#endif
  :: waiting == 0
  fi
}

/* EntryMark.TryEnter of everyone but the owner. */
inline tryEnterShared(t, m) {
#ifdef PLAIN_MARK
  if
  :: mark[m] == 0 -> buffer[t]!m,1; entered = true
  :: mark[m] != 0
  fi
#else
  atomic {
    drained(t);
    entered = (mark[m] == 0);
    if
    :: entered -> mark[m] = 1
    :: else
    fi
  };
  if
  :: entered && m == READ_MARK ->
    if
    :: mark[OWNER_MARK] == THREAD_0 ->
      buffer[t]!OWNER_MARK,ENDED;            /* EndOwnership */
      drain(t);
#ifndef NO_OWNER_BARRIER
      processWideBarrier()
#endif
    :: mark[OWNER_MARK] != THREAD_0
    fi;
    if
    :: mark[OWNED_MARK] != 0 -> buffer[t]!m,0; entered = false
    :: mark[OWNED_MARK] == 0 ->
      if                                /* Learn */
      :: t == 0 && mark[OWNER_MARK] == NOBODY -> buffer[t]!OWNER_MARK,THREAD_0
      :: t != 0 || mark[OWNER_MARK] != NOBODY
      fi
    fi
  :: else
  fi
#endif
}

/* EntryMark.TryEnter of the owner. It sees its own store to _owned where that is still on its way. */
inline tryEnterOwned(t) {
  if
  :: (buffer[t]??[OWNED_MARK,1]) || (mark[OWNED_MARK] != 0 && !(buffer[t]??[OWNED_MARK,0])) ||
     (mark[READ_MARK] != 0 && !(buffer[t]??[READ_MARK,0]))   /* taken */
  :: else ->
    buffer[t]!OWNED_MARK,1;
    if
#ifndef NO_OWNER_RECHECK
    :: mark[OWNER_MARK] != THREAD_0 -> buffer[t]!OWNED_MARK,0; tryEnterShared(t, READ_MARK)
    :: mark[OWNER_MARK] == THREAD_0 -> entered = true; owns = true
#else
    :: true -> entered = true; owns = true
#endif
    fi
  fi
}

inline leave(t, m, who, owned) {
  inside[m]--;
  if                                    /* EntryMark.Leave */
  :: owned -> buffer[t]!OWNED_MARK,0
  :: !owned -> buffer[t]!m,0
  fi;
  hasLeft(t, who, (isTaken(m) && len(buffer[t]) == 0))
}

/* A thread of the pool completes what thread 0 has begun, and leaves for it. */
chan pending = [1] of { bool };

proctype Pool() {
  bool owned;
  byte address, value;
end:
  do
  :: pending?owned -> touch(); leave(POOL, READ_MARK, READS, owned); owned = false
  od
}

proctype User(byte t; byte m; byte who) {
  byte entries, address, value;
  bool entered, owns;
  do
  :: entries < ENTRIES ->
    entries++;
    entered = false;
    owns = false;
#ifdef NO_STATE_RECHECK
    if
    :: closed -> break
    :: !closed
    fi;
#endif
    if
    :: t == 0 && (buffer[t]??[OWNER_MARK,THREAD_0] || mark[OWNER_MARK] == THREAD_0) -> tryEnterOwned(t)
    :: else -> tryEnterShared(t, m)
    fi;
    if
    :: !entered ->                      /* busy: an exception, from one whose mark may have been seen for a moment */
#ifndef NO_REFUSED_CHECK
      hasLeft(t, who, (isTaken(m) && len(buffer[t]) == 0))
#endif
    :: entered ->
      atomic { inside[m]++; assert(inside[m] == 1) };
#ifndef NO_STATE_RECHECK
      if
      :: closed -> goto leaves
      :: !closed
      fi;
#endif
      touch();
      if
#ifdef OWNED
      :: t == 0 -> drained(t); pending!owns; goto next   /* PendingOperation.Arm, with a full fence */
#endif
      :: true
      fi;
leaves:
      leave(t, m, who, owns)
    fi;
next:
    skip
  :: else -> break
  od
}

inline publishState(t, unlessClosed) {
  atomic { drained(t); closers++ };
  if
  :: unlessClosed && closed
  :: !(unlessClosed && closed) -> touch(); touch()
  fi;
  atomic { closers--; last = (closers == 0) };
  if
  :: last -> hasLeft(t, CLOSES, closers != 0)
  :: else
  fi
}

proctype Shutdown(byte t) {
  byte address, value;
  bool last;
#ifdef LATE_SHUTDOWN
  publishState(t, false)
#else
  publishState(t, true)
#endif
}

proctype Closer(byte t) {
  byte outside, address, value;
  bool last;
  closed = true;                        /* PathLife.Set: Interlocked.Or */
  publishState(t, false);               /* the one who set the state; the wait begins after this */
  waiting = ALL;                        /* Quiescence.Begin: Interlocked.Or */
#ifndef NO_BARRIER
  processWideBarrier();
#endif
  outside = 0;                          /* SmcdPath.Inside */
  if
  :: !isTaken(READ_MARK) -> outside = outside | READS
  :: isTaken(READ_MARK)
  fi;
  if
  :: mark[WRITE_MARK] == 0 -> outside = outside | WRITES
  :: mark[WRITE_MARK] != 0
  fi;
  if
  :: closers == 0 -> outside = outside | CLOSES
  :: closers != 0
  fi;
  if
  :: outside != 0 -> clear(outside)
  :: else
  fi;
  told == 1                             /* IPathObserver.Closed */
}

init {
  atomic {
#ifndef PLAIN_MARK                      /* shows what goes wrong before anyone closes */
    run Closer(3);
#endif
#ifdef OWNED
    run Pool();
#else
    mark[OWNER_MARK] = ENDED;
    run Shutdown(3);
    run User(2, WRITE_MARK, WRITES);
#endif
    run User(1, READ_MARK, READS);
    run User(0, READ_MARK, READS)
  }
}
