namespace NeuroDb;

/// <summary>Trainings of a session.</summary>
public sealed partial class Session
{
    /// <summary>
    /// Is told how far CREATE MODEL and RETRAIN MODEL are, about ten times a second and at the end
    /// of each pass, on the thread that trains; null for nobody.
    /// </summary>
    public IProgress<ModelProgress>? ModelProgress
    {
        get => Inner().ModelProgress;
        set => Inner().ModelProgress = value;
    }
}
