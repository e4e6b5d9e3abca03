namespace NeuroDb.Query;

/// <summary>Refuses what the grammar reads and the binder does not carry out.</summary>
internal static class NotYet
{
    /// <summary>The error that names the construct.</summary>
    public static NeuroStoreException Error(string what, SourcePosition position) => new(
        ErrorCode.NotSupported,
        $"{what} is understood, but this version of NeuroStore does not carry it out.",
        position);

    /// <summary>Raises the error if the construct is used.</summary>
    public static void Refuse(bool isUsed, string what, SourcePosition position)
    {
        if (isUsed)
        {
            throw Error(what, position);
        }
    }
}
