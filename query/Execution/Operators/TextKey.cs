namespace NeuroDb.Query;

/// <summary>Texts, equal if their code points are.</summary>
internal readonly struct TextKey : IKeyOperations<string>
{
    /// <inheritdoc/>
    public static ulong Hash(string value) => Hash64.Of(value);

    /// <inheritdoc/>
    public static bool AreEqual(string left, string right) => string.Equals(left, right);
}
