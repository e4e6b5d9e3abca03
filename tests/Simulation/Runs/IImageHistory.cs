namespace NeuroDb.Tests.Simulation;

/// <summary>What was promised when, and the program that it was promised to.</summary>
internal interface IImageHistory
{
    /// <summary>What may be found after a loss during the operation, to go on from.</summary>
    IImageHistory At(int operation);

    /// <summary>Makes the program, which goes on with this history.</summary>
    IImageProgram Start(
        SimulatedDisk disk, MachineShape shape, SeededRandomSource random, Action<string>? trace);
}
