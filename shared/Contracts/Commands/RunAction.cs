namespace MaeLab.Contracts.Commands;

public enum RunAction
{
    Cancel,
    Pause,
    Resume,
    Retry,
}
