namespace NeuroDb.Tests.Simulation;

/// <summary>What a simulation found wrong.</summary>
internal sealed class SimulationException(string message) : Exception(message)
{
    /// <summary>Raises the error, if there is a fault.</summary>
    public static void Demand(string? fault)
    {
        if (fault is not null)
        {
            throw new SimulationException(fault);
        }
    }
}
