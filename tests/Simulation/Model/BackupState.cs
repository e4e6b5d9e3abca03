namespace NeuroDb.Tests.Simulation;

/// <summary>What a directory holds as a backup.</summary>
/// <param name="State">The content.</param>
/// <param name="Key">The number of the key that opens it.</param>
internal sealed record BackupState(ModelState State, int Key);
