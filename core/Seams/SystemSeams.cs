namespace NeuroDb;

/// <summary>
/// Everything outside the process that an open database touches: files, clock, randomness and
/// threads. Simulations replace the members one by one.
/// </summary>
/// <param name="Files">The file system.</param>
/// <param name="Clock">The clock.</param>
/// <param name="Random">Randomness for identifiers and salts.</param>
/// <param name="Workers">The threads.</param>
internal sealed record SystemSeams(
    IFileSystem Files, TimeProvider Clock, IRandomSource Random, IWorkers Workers)
{
    /// <summary>The real machine, with as many workers as processors.</summary>
    public static SystemSeams Real() => new(
        new PhysicalFileSystem(),
        TimeProvider.System,
        new SystemRandomSource(),
        new SystemWorkers(Environment.ProcessorCount));
}
