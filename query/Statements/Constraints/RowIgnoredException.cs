namespace NeuroDb.Query;

/// <summary>
/// RAISE (IGNORE): the trigger and the change of its row end here without an error. Whoever runs
/// the trigger for that row catches it; nobody else sees it.
/// </summary>
internal sealed class RowIgnoredException() : Exception("A trigger ignores its row.");
