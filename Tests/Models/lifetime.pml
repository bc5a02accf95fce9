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
 * Variants that must fail: PLAIN_MARK (load, then store), NO_STATE_RECHECK (whoever enters has looked at the state before only), NO_BARRIER
 * (a cleared mark is still in the leaver's store buffer while it reads who is waited for), NO_MARK_RECHECK (a slow leaver does not look
 * whether another has entered since), LATE_SHUTDOWN (whoever ends a direction does not look whether the connection was closed meanwhile).
 */

#ifndef ENTRIES
#define ENTRIES 1   /* of each user */
#endif

/* Insiders */
#define READS  1
#define WRITES 2
#define CLOSES 4
#define ALL    7

/* What plain stores write to: EntryMark._taken of both directions. */
byte mark[2];
#define READ_MARK  0
#define WRITE_MARK 1

bool closed;        /* PathBits.LocalClosed */
byte waiting;       /* Quiescence._waiting */
byte closers;       /* SmcdPath._closers */

bool mapped = true;
byte inside[2];
byte told;

#define THREADS 4
chan buffer[THREADS] = [2] of { byte, byte };
#define drained(t) empty(buffer[t])

active proctype Memory() {
  byte m, v;
end:
  do
  :: atomic { buffer[0]?m,v -> mark[m] = v; m = 0; v = 0 }
  :: atomic { buffer[1]?m,v -> mark[m] = v; m = 0; v = 0 }
  :: atomic { buffer[2]?m,v -> mark[m] = v; m = 0; v = 0 }
  od
}

inline touch() { assert(mapped) }

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

proctype User(byte t; byte m; byte who) {
  byte entries;
  bool entered;
  do
  :: entries < ENTRIES ->
    entries++;
#ifdef NO_STATE_RECHECK
    if
    :: closed -> break
    :: !closed
    fi;
#endif
    /* EntryMark.TryEnter */
#ifdef PLAIN_MARK
    entered = false;
    if
    :: mark[m] == 0 -> buffer[t]!m,1; entered = true
    :: mark[m] != 0
    fi;
#else
    atomic {
      drained(t);
      entered = (mark[m] == 0);
      if
      :: entered -> mark[m] = 1
      :: else
      fi
    };
#endif
    if
    :: !entered                         /* busy: an exception */
    :: else ->
#ifndef NO_STATE_RECHECK
      if
      :: closed
      :: !closed ->
#endif
        atomic { inside[m]++; assert(inside[m] == 1); touch() };
        atomic { touch(); inside[m]-- };
#ifndef NO_STATE_RECHECK
      fi;
#endif
      buffer[t]!m,0;                    /* EntryMark.Leave */
      hasLeft(t, who, (mark[m] != 0 && len(buffer[t]) == 0))
    fi
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
  bool last;
#ifdef LATE_SHUTDOWN
  publishState(t, false)
#else
  publishState(t, true)
#endif
}

/* What one processor does for Interlocked.MemoryBarrierProcessWide: its store buffer is empty once. */
inline drain(t) {
  atomic {
    do
    :: buffer[t]?m,v -> mark[m] = v
    :: empty(buffer[t]) -> break
    od;
    m = 0;
    v = 0
  }
}

proctype Closer(byte t) {
  byte outside, m, v;
  bool last;
  closed = true;                        /* PathLife.Set: Interlocked.Or */
  publishState(t, false);               /* the one who set the state; the wait begins after this */
  waiting = ALL;                        /* Quiescence.Begin: Interlocked.Or */
#ifndef NO_BARRIER
  drain(0);
  drain(1);
  drain(2);
#endif
  outside = 0;                          /* SmcdPath.Inside */
  if
  :: mark[READ_MARK] == 0 -> outside = outside | READS
  :: mark[READ_MARK] != 0
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
    run Shutdown(3);
    run User(2, WRITE_MARK, WRITES);
    run User(1, READ_MARK, READS);
    run User(0, READ_MARK, READS)
  }
}
