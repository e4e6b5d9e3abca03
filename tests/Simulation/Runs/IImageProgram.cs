namespace NeuroDb.Tests.Simulation;

/// <summary>A program above a simulated disk, which checks what it finds there.</summary>
internal interface IImageProgram : IDisposable
{
    /// <summary>The time in which databases were opened.</summary>
    TimeSpan OpenTime { get; }

    /// <summary>The time in which they were closed.</summary>
    TimeSpan CloseTime { get; }

    /// <summary>The work that another thread had to do.</summary>
    int RescueCount { get; }

    /// <summary>Opens the database and compares it with what was promised.</summary>
    /// <exception cref="SimulationException">It holds something else.</exception>
    void Open(bool isFull = false);

    /// <summary>Runs steps.</summary>
    void Run(int count);

    /// <summary>Ends the program, in good order or by SIGKILL.</summary>
    void End(bool isKilled);
}
