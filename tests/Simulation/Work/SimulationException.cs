namespace NeuroDb.Tests.Simulation;

/// <summary>What a simulation found wrong.</summary>
internal sealed class SimulationException(string message) : Exception(message);
