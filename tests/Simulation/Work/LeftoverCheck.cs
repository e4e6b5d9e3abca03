namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Demands that a database that was closed in good order has no segment, delete-file, large value
/// or manifest that it does not need: the next opening, which removes such files, must find none.
/// </summary>
internal sealed class LeftoverCheck
{
    private HashSet<string>? _before;

    /// <summary>Notes what is there after the database was closed.</summary>
    public void Note(SimulatedDisk disk) => _before = Files(disk);

    /// <summary>Looks again after the next opening.</summary>
    /// <returns>What was left behind, or null.</returns>
    public string? Check(SimulatedDisk disk)
    {
        HashSet<string>? before = _before;
        _before = null;
        before?.ExceptWith(Files(disk));
        return before is null or { Count: 0 } ? null : $"left behind: {string.Join(", ", before)}";
    }

    private static HashSet<string> Files(SimulatedDisk disk) => [.. disk.Paths.Where(
        static path => path.Contains("/seg/") || path.Contains("/blob/")
            || path.Contains("/MANIFEST"))];
}
