namespace NeuroDb.Tests.Simulation;

/// <summary>What is wrong with a disk.</summary>
/// <param name="Seed">Of the workload above it.</param>
/// <param name="Kind">The kind of call that fails; null if none.</param>
/// <param name="At">The number of the call that fails, among those of its kind.</param>
/// <param name="IsSticky">Whether all later calls of that kind fail too.</param>
/// <param name="CapacityBytes">The bytes that fit on it.</param>
internal sealed record FaultCase(
    ulong Seed,
    DiskCallKind? Kind,
    long At,
    bool IsSticky,
    long CapacityBytes = long.MaxValue)
{
    /// <summary>The arguments that run it again.</summary>
    public override string ToString() => Kind is null
        ? $"--space --seed {Seed} --bytes {CapacityBytes}"
        : $"--faults --seed {Seed} --call {Kind} --at {At}{(IsSticky ? " --sticky" : "")}";
}
