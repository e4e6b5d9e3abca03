namespace NeuroDb.Storage;

/// <summary>Gives the value of a column of one of many keys that are looked for.</summary>
/// <param name="key">Which key.</param>
/// <param name="column">Which column of the index.</param>
internal delegate Value IndexKeyValues(int key, int column);
