namespace NeuroDb.Query;

/// <summary>How keys of one physical type are hashed and compared.</summary>
internal interface IKeyOperations<T>
{
    /// <summary>The hash; equal keys hash alike.</summary>
    static abstract ulong Hash(T value);

    /// <summary>Whether two keys are equal.</summary>
    static abstract bool AreEqual(T left, T right);
}
