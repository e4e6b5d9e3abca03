namespace NeuroDb.Tests.Simulation;

/// <summary>Which program leaves the images.</summary>
/// <param name="Words">What the command line says of it.</param>
/// <param name="Begin">Makes its history, which starts with nothing.</param>
internal sealed record ImageSubject(string Words, Func<IImageHistory> Begin)
{
    /// <summary>One that uses all of a database.</summary>
    public static ImageSubject All { get; } = new("", static () => new CommitHistory());

    /// <summary>One that hurts indexes with its keys.</summary>
    public static ImageSubject Keys { get; } = new("--keys ", static () => new KeyHistory());

    /// <summary>The one that the command line asks for.</summary>
    public static ImageSubject Of(Arguments options) => options.Has("--keys") ? Keys : All;
}
