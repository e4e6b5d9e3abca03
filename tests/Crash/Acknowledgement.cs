namespace NeuroDb.Tests.Crash;

/// <summary>A line of the child: a commit that returned.</summary>
/// <param name="Writer">Whose.</param>
/// <param name="Number">The transaction.</param>
/// <param name="Time">When, on the clock that all processes of the machine share.</param>
internal readonly record struct Acknowledgement(int Writer, long Number, long Time);
