namespace NeuroDb.Storage;

/// <summary>
/// One transaction after another in the same object: a session that inserts row by row leaves no
/// garbage, which would sooner or later stop all threads.
/// </summary>
internal sealed partial class StorageTransaction
{
    /// <summary>
    /// Forgets everything, so that <see cref="StorageEngine.Begin"/> may use the object again;
    /// false if others may hold what it gave them. The caller promises to hold the last reference.
    /// </summary>
    internal bool TryForget()
    {
        bool isOwn = _isApplied && _isReleased != 0 && !_isRead && Reads is null
            && Guards is null && _temporary is null && _largeValues is null
            && ReferenceEquals(MainCatalog, _state.Catalog);
        if (isOwn)
        {
            _state = default;
            MainCatalog = CatalogView.Empty;
        }

        return isOwn;
    }

    /// <summary>Begins again, at a state whose generation is pinned.</summary>
    internal void Restart(in EngineState state)
    {
        Invariant.Check(_isReleased != 0 && _lists is null && _state.Generation is null);
        _state = state;
        MainCatalog = state.Catalog;
        _operation = 0;
        _isOver = false;
        _isApplied = false;
        _isReleased = 0;
        UniqueLookups = null;
    }
}
