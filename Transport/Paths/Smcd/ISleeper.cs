namespace Smc.Transport.Paths.Smcd;

/// <summary>What a <see cref="PendingOperation"/> waits in: a direction of a connection, whose peer wakes it.</summary>
internal interface ISleeper
{
    /// <summary>Puts the sleep announcement, with a full fence.</summary>
    void Announce();

    /// <summary>Asks for what it takes to be woken from now on. The announcement stands.</summary>
    void Ask();

    /// <summary>Takes the sleep announcement back.</summary>
    void Withdraw();

    /// <summary>True where a step might get on.</summary>
    bool LooksReady();

    /// <summary>A sleep is over. Called by the one who goes on.</summary>
    void Awoke();
}
