namespace NeuroDb.Neural;

/// <summary>Precision, recall and F1 of one class, or a mean of them.</summary>
/// <param name="Name">The label, or the name of the mean.</param>
/// <param name="Precision">Right ones among those said to be of the class; 0 for none.</param>
/// <param name="Recall">Right ones among those of the class; 0 for none.</param>
/// <param name="F1">2 P R / (P + R); 0 for none.</param>
/// <param name="Support">Rows of the class.</param>
internal sealed record ClassScores(
    string Name, double Precision, double Recall, double F1, long Support);
