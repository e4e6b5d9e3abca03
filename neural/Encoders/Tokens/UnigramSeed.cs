namespace NeuroDb.Neural;

/// <summary>A token that may be learned.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Count">How often it stands in the texts.</param>
/// <param name="IsCharacter">Whether it is a single character, which stays.</param>
/// <param name="Score">The logarithm of its probability, at the end.</param>
internal sealed record UnigramSeed(byte[] Bytes, long Count, bool IsCharacter, double Score = 0);
