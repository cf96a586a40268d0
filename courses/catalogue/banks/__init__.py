"""Question banks of other systems: Moodle XML, GIFT, IMS QTI 1.2, 2.1, 2.2 and 3.0, and packages of QTI.

Every reader makes the same of a bank: questions as a course folder knows them, the pictures in them, and a fault for
each question and each part of a question that a course cannot hold. Start at `reading.read_bank`.
"""
