"""Recording of trainings that happen by themselves: the frame that all libraries share, and a room for each."""
