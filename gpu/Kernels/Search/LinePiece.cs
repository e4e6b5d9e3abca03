using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>One line of a <see cref="LearnedModel"/>, beside its first key.</summary>
/// <param name="Slope">Places per unit of the key; not negative.</param>
/// <param name="Place">
/// What the line says about its first key; the next line's is where this one ends.
/// </param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct LinePiece(float Slope, int Place);
