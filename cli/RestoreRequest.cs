namespace NeuroDb.Cli;

/// <summary>What the command line says about a restore.</summary>
/// <param name="Moment">The moment, or null.</param>
/// <param name="Commit">The number of the last commit, or null.</param>
/// <param name="LogPath">The database whose log follows a backup, or null.</param>
internal sealed record RestoreRequest(DateTimeOffset? Moment, long? Commit, string? LogPath);
