namespace Smc.Actors.Dispatch;

/// <summary>
/// What a completion vector drains: a completion queue. All of it is called on the vector's thread, one after the other, so that the actor that
/// it belongs to needs no lock; no actor context is set then, and nothing of it may wait.
/// </summary>
internal interface ICompletionSource
{
    /// <summary>Handles completions, without waiting.</summary>
    /// <param name="budget">The most that it may handle, at least 1.</param>
    /// <returns>How many it has handled.</returns>
    int DoWork(int budget);

    /// <summary>
    /// Has <see cref="CompletionQueueExecutor.Ring"/> called at the next completion, from whatever thread; once is enough, and twice does no harm.
    /// With a full fence: a completion that is not found by the <see cref="DoWork"/> after this rings.
    /// </summary>
    void Arm();

    /// <summary>Another member has thrown: the vector has let go of the source, and calls it no more.</summary>
    void Fail(Exception cause);
}
