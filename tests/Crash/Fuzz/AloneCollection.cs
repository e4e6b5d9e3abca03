namespace NeuroDb.Tests.Crash;

/// <summary>Tests that count what the whole process allocates: no other test runs beside.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
